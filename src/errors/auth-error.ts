/**
 * Every refusal that a client can meet, by its stable code. The set is closed: it is the schema's
 * enum `ErrorCode`, and the REST statuses hang on it.
 */
export const errorCodes = {
  BAD_USER_INPUT: 'The input breaks a rule; `extensions.fields` lists the messages of each field.',
  UNAUTHENTICATED: 'The access token is missing, bad or expired, or its session has ended.',
  FORBIDDEN: 'Signed in, but not allowed to do this.',
  INVALID_CREDENTIALS: 'The e-mail address and the password do not belong together.',
  INVALID_OTP: 'The code is wrong, expired, already used, or was sent for something else.',
  INVALID_TOKEN: 'The refresh token is bad, expired or spent, or its session has ended.',
  NOT_FOUND: 'There is no such thing, or it belongs to somebody else.',
  RATE_LIMITED: 'Too many requests; `extensions.retryAfter` is the number of seconds to wait.',
  LOCKED: 'Too many failed attempts; `extensions.unlockIn` is the number of seconds to wait.',
  UNAVAILABLE: 'A part that this needs is away; try again after `extensions.retryAfter` seconds.',
  INTERNAL_SERVER_ERROR: 'A fault of the service; it has been logged.',
  BAD_REQUEST: 'The request is not a well-formed GraphQL request.',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  OPERATION_RESOLUTION_FAILURE: 'The document does not say which of its operations to run.',
  PAYLOAD_TOO_LARGE: 'The request is larger than the service reads.',
  PERSISTED_QUERY_NOT_SUPPORTED:
    'The request identifies its document by a hash. Send the document itself; client libraries do so automatically.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Messages of each field that was refused; the empty name stands for the input as a whole. */
export type FieldMessages = Record<string, string[]>;

/** What a refusal carries beside its code. Times are whole seconds. */
export interface ErrorDetails {
  readonly fields?: FieldMessages;
  readonly retryAfter?: number;
  readonly unlockIn?: number;
}

/** A refusal that the client may see as it is. Whatever else is thrown is a bug and is masked. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.details = details;
  }
}

export const badUserInput = (fields: FieldMessages): AuthError =>
  new AuthError('BAD_USER_INPUT', 'The input is not valid', { fields });

export const invalidOtp = (message: string): AuthError => new AuthError('INVALID_OTP', message);

export const invalidToken = (): AuthError =>
  new AuthError('INVALID_TOKEN', 'The refresh token is not valid');

/** @param presented whether an access token came at all */
export const unauthenticated = (presented: boolean): AuthError =>
  new AuthError(
    'UNAUTHENTICATED',
    presented
      ? 'Given token not valid for any token type. Refresh the access token, or sign in again.'
      : 'Authentication credentials were not provided.',
  );

/** A store or queue is away. `retryAfter` is a guess: most restarts take less. */
export const unavailable = (cause?: unknown, retryAfter = 5): AuthError =>
  new AuthError('UNAVAILABLE', 'The service is temporarily unavailable', { retryAfter }, cause);
