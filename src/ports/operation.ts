import type { IncomingMessage } from 'node:http';
import type { ErrorCode, ErrorDetails } from '../errors/auth-error.ts';

/** A refusal of an operation: `AuthError` as the client may see it. */
export interface Refused extends ErrorDetails {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What an operation came to: its data, or the first thing that was refused. */
export type Outcome =
  | { readonly data: Record<string, unknown>; readonly refusal?: undefined }
  | { readonly data?: undefined; readonly refusal: Refused };

/** A request on whose behalf an operation runs. */
export interface OperationRequest extends Record<string, unknown> {
  readonly req: IncomingMessage;
  readonly request: Request;
}

/** A GraphQL operation that runs in process. */
export type Operation = (
  request: OperationRequest,
  variables: Record<string, unknown>,
) => Promise<Outcome>;

/** Log record of a request, which is written once the response is sent. */
export interface RequestRecord {
  /** GraphQL fields or REST route, by the names of the schema. */
  operation?: string | undefined;
  /** Error codes of the response; undefined after a success. */
  code?: string;
}
