import type { z } from 'zod';
import { registerInput, updateProfileInput } from '../accounts/account-inputs.ts';
import type { ErrorCode } from '../errors/auth-error.ts';
import {
  changePasswordInput,
  forgotPasswordInput,
  resetPasswordInput,
} from '../passwords/password-inputs.ts';
import {
  loginInput,
  logoutInput,
  refreshTokensInput,
  requestOtpInput,
  verifyOtpInput,
} from '../sessions/session-inputs.ts';
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
  readonly paged?: true;
  /** Refusals besides those that the kind of route implies. */
  readonly refusals?: readonly ErrorCode[];
}

/** Selects fields under their REST names. */
const select = (fields: string): string =>
  fields.replace(/\w+/g, (field) =>
    restName(field) === field ? field : `${restName(field)}: ${field}`,
  );

const challenge = select('detail expiresIn challengeId');
const tokens = `access: accessToken ${select('refreshToken tokenType expiresIn')}`;
const user = select(
  'id email emailVerified hasPassword firstName lastName role createdAt lastLoginAt',
);
const session = select('id createdAt lastUsedAt expiresAt ipAddress userAgent current');
const auditEvent = select('id event email ipAddress userAgent metadata createdAt');

/** Runs a mutation with the body of a POST request as its input. */
const mutation = (field: string, input: z.ZodObject, selection: string) => ({
  method: 'POST' as const,
  field,
  input,
  operation: `mutation ($input: ${input.meta()?.id}!) { ${field}(input: $input) { ${selection} } }`,
});

const verifyOtp = {
  ...mutation('verifyOtp', verifyOtpInput, tokens),
  detail: 'OTP verified successfully',
  refusals: ['INVALID_OTP', 'LOCKED', 'RATE_LIMITED'],
} as const satisfies Partial<Route>;

/** Every REST route (contract §3), in the order of the OpenAPI document. */
export const routes: readonly Route[] = [
  {
    ...mutation('register', registerInput, challenge),
    path: '/auth/register',
    status: 201,
    refusals: ['RATE_LIMITED'],
  },
  {
    ...mutation('login', loginInput, challenge),
    path: '/auth/login',
    status: 202,
    refusals: ['INVALID_CREDENTIALS', 'LOCKED', 'RATE_LIMITED'],
  },
  { ...verifyOtp, path: '/auth/login/otp-verify', operationId: 'verifyLoginOtp' },
  {
    ...mutation('requestOtp', requestOtpInput, challenge),
    path: '/auth/otp/request',
    status: 202,
    refusals: ['RATE_LIMITED'],
  },
  { ...verifyOtp, path: '/auth/otp/verify' },
  {
    ...mutation('forgotPassword', forgotPasswordInput, challenge),
    path: '/auth/forgot-password',
    status: 202,
    refusals: ['RATE_LIMITED'],
  },
  {
    ...mutation('resetPassword', resetPasswordInput, 'detail'),
    path: '/auth/password-reset',
    refusals: ['INVALID_OTP', 'LOCKED', 'RATE_LIMITED'],
  },
  {
    ...mutation('refreshTokens', refreshTokensInput, tokens),
    path: '/auth/token/refresh',
    refusals: ['INVALID_TOKEN', 'RATE_LIMITED'],
  },
  {
    ...mutation('logout', logoutInput, 'detail'),
    path: '/auth/logout',
    refusals: ['UNAUTHENTICATED', 'INVALID_TOKEN'],
  },
  {
    ...mutation('changePassword', changePasswordInput, 'detail'),
    path: '/auth/password-change',
    signedIn: true,
    refusals: ['LOCKED', 'RATE_LIMITED'],
  },
  {
    method: 'GET',
    path: '/auth/me',
    field: 'me',
    operation: `{ me { ${user} } }`,
    signedIn: true,
  },
  {
    ...mutation('updateProfile', updateProfileInput, user),
    method: 'PUT',
    path: '/auth/profile',
    signedIn: true,
  },
  {
    method: 'GET',
    path: '/auth/sessions',
    field: 'sessions',
    operation: `{ sessions { ${session} } }`,
    signedIn: true,
  },
  {
    method: 'DELETE',
    path: '/auth/sessions/{id}',
    field: 'revokeSession',
    operation: 'mutation ($id: ID!) { revokeSession(input: { id: $id }) { detail ids } }',
    signedIn: true,
    refusals: ['NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/auth/sessions/revoke-others',
    field: 'revokeOtherSessions',
    operation: 'mutation { revokeOtherSessions { detail ids } }',
    signedIn: true,
  },
  {
    method: 'GET',
    path: '/audit/logs',
    field: 'auditLogs',
    operation: `query ($first: Int!, $offset: Int, $filter: AuditLogFilter) {
      auditLogs(first: $first, offset: $offset, filter: $filter) {
        count: totalCount
        edges { node { ${auditEvent} } }
      }
    }`,
    signedIn: true,
    paged: true,
    refusals: ['NOT_FOUND'],
  },
];
