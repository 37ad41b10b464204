import type { z } from 'zod';
import type { CreateApiKeyInput } from '../api-keys/api-key-inputs.ts';
import type { ErrorCode } from '../errors/auth-error.ts';
import { restName } from './field-names.ts';

/** A REST route, as data. It runs one GraphQL operation. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with parameters as `{name}`. */
  readonly path: string;
  /** Status of a success, if it is not 200. */
  readonly status?: 201 | 202;
  /** Name in the OpenAPI document, if it is not that of the GraphQL field. */
  readonly operationId?: string;
  readonly field: string;
  /** The operation: its selection is the response, with aliases for the names of REST. */
  readonly operation: string;
  /** The GraphQL input, whose fields the body contains under their REST names. */
  readonly input?: z.ZodObject;
  /** Message for the response, if the selection has none. */
  readonly detail?: string;
  readonly signedIn?: true;
  /** Whether a session may use it before it has enrolled a required factor. */
  readonly enrolling?: true;
  /** Scope of the API keys that it also accepts. */
  readonly apiKey?: CreateApiKeyInput['scope'];
  /** Whether the route is a list: with page numbers, or with cursors and this filter. */
  readonly paged?: 'byNumber' | z.ZodObject;
  /** Error codes in addition to those of every route of its kind. */
  readonly errorCodes?: readonly ErrorCode[];
}

/** Selects fields under their REST names. */
export const select = (fields: string): string =>
  fields.replace(/\w+/g, (field) =>
    restName(field) === field ? field : `${restName(field)}: ${field}`,
  );

export const user = select(
  'id email emailVerified hasPassword firstName lastName role createdAt lastLoginAt locale',
);
export const session = select('id createdAt lastUsedAt expiresAt ipAddress userAgent current');
export const tokens = `access: accessToken ${select('refreshToken tokenType expiresIn')}`;
export const redeems = { errorCodes: ['INVALID_OTP', 'LOCKED', 'RATE_LIMITED'] } as const;
export const opensSession = {
  detail: 'OTP verified successfully',
  errorCodes: [...redeems.errorCodes, 'FORBIDDEN'],
} as const;
export const signedIn = { signedIn: true } as const;
export const enrolling = { signedIn: true, enrolling: true } as const;
export const steppedUp = { errorCodes: ['STEP_UP_REQUIRED', 'RATE_LIMITED'] } as const;
export const reads = { apiKey: 'READ' } as const;
export const forAdmins = {
  signedIn: true,
  apiKey: 'WRITE',
  errorCodes: ['FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED'],
} as const;

/** Runs a mutation with the body of a POST request as its input. */
export const post = (path: string, field: string, input: z.ZodObject, selection: string) => ({
  method: 'POST' as const,
  path: `/auth/${path}`,
  field,
  input,
  operation: `mutation ($input: ${input.meta()?.id}!) { ${field}(input: $input) { ${selection} } }`,
});

/** Reads a field of the signed-in account. */
export const get = (path: string, field: string, selection: string) => ({
  method: 'GET' as const,
  path,
  field,
  operation: `{ ${field} { ${selection} } }`,
  ...signedIn,
});

/** Returns the fields of the body, if there is one: those of the input that are not in the path. */
export function bodyShape({ path, input }: Route): z.ZodObject['shape'] | undefined {
  const all = Object.entries(input?.shape ?? {});
  const fields = all.filter(([name]) => !path.includes(`{${name}}`));
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}
