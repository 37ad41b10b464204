/** Every error code that clients see, with its meaning. The set is closed. */
export const errorCodes = {
  BAD_USER_INPUT: 'The input is invalid; `extensions.fields` lists the messages for each field.',
  UNAUTHENTICATED:
    'The access token or API key is missing, invalid, expired or revoked, or its session has ended.',
  FORBIDDEN: 'The account, API key or origin may not do this.',
  STEP_UP_REQUIRED:
    'The operation requires a recent `stepUp` in this session; `extensions.proofs` lists the accepted proofs.',
  MFA_REQUIRED:
    'The code was right, and the account has a second factor. Complete the sign-in with `verifyFactor`: `extensions.factors` lists the factors, `extensions.challengeId` names the sign-in. `extensions.trustDeviceDays` is there if the browser can become a trusted device.',
  ENROLLMENT_REQUIRED:
    'The service requires a second factor or a passkey of this account (`REQUIRE_MFA`). Until this session enrols one, it may do nothing else.',
  INVALID_CREDENTIALS:
    'The e-mail address or the password is wrong, or the passkey was not accepted.',
  INVALID_OTP:
    'The code, proof of a factor or undo secret is wrong, expired, already used, or has another purpose.',
  INVALID_TOKEN: 'The refresh token is invalid, expired or already used, or its session has ended.',
  NOT_FOUND:
    'The object does not exist, or belongs to another account. For `signInWithPasskey`: no account has the passkey.',
  RATE_LIMITED: 'Too many requests; `extensions.retryAfter` is the number of seconds to wait.',
  LOCKED: 'Too many failed attempts; `extensions.unlockIn` is the number of seconds to wait.',
  UNAVAILABLE:
    'The service is overloaded, or PostgreSQL or Redis is unavailable. Try again after `extensions.retryAfter` seconds.',
  INTERNAL_SERVER_ERROR: 'An internal error, which has been logged.',
  BAD_REQUEST: 'The request is malformed.',
  GRAPHQL_PARSE_FAILED: 'The document has a GraphQL syntax error.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not match the schema.',
  OPERATION_RESOLUTION_FAILURE:
    'The request must select one operation of the document with `operationName`.',
  PAYLOAD_TOO_LARGE: 'The request is too large.',
  PERSISTED_QUERY_NOT_SUPPORTED:
    'Persisted queries are not supported. Send the full document; client libraries do so automatically.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Messages by field. The empty name stands for the input as a whole. */
export type FieldMessages = Record<string, string[]>;

/** Kinds of second factors, in the order in which errors list them. */
export const factorNames = ['PASSKEY', 'TOTP', 'RECOVERY_CODE'] as const;
export type FactorName = (typeof factorNames)[number];

/**
 * A proof that `stepUp` accepts: the password, or a code that `requestStepUp` mails; of an account
 * with a second factor, only the factor.
 */
export type StepUpProof = 'PASSWORD' | 'CODE' | FactorName;

/** Details of an error. Times are whole seconds. */
export interface ErrorDetails {
  readonly fields?: FieldMessages;
  readonly retryAfter?: number;
  readonly unlockIn?: number;
  readonly proofs?: readonly StepUpProof[];
  readonly factors?: readonly FactorName[];
  readonly challengeId?: string;
  readonly expiresIn?: number;
  readonly trustDeviceDays?: number;
}

/** An error that the client may see. Other errors are bugs, and are masked. */
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

export const badUserInput = (fields: FieldMessages) =>
  new AuthError('BAD_USER_INPUT', 'The input is invalid', { fields });

/** Message of `NOT_FOUND`. Does not reveal whether another account has the session. */
export const SESSION_NOT_FOUND = 'Session not found';

export const USER_NOT_FOUND = 'User not found. List users to find the right ID.';
export const USER_EXISTS = 'A user has this address, or gave it up in the last 7 days.';
export const OTHER_ADDRESS = 'This is not the address of the user.';
export const INVALID_UNDO = 'The undo link is invalid, expired or already used';
export const NO_NEW_TOTP =
  'No authenticator app waits for its first code, or its 10 minutes are over. Call enrollTotp again.';
export const WRONG_PROOF =
  'The proof of the factor is wrong or already used, or the sign-in has expired';
export const NO_FACTORS = 'The user has no second factor.';
export const FACTOR_REQUIRED =
  'This account has a second factor. Send stepUp a proof of it: passkey, totp or recoveryCode.';
export const FACTOR_NOT_FOUND = 'The account has no such factor.';
export const OWN_ADDRESS = 'This is already the address of the account.';
export const FOREIGN_DOMAIN = 'Addresses of this domain are not allowed here.';
export const RECENT_CHANGE =
  'The e-mail address was changed in the last 7 days. First undo the change, or wait.';
export const LAST_ADMIN = 'This is the last ADMIN. First give another user the role ADMIN.';

export const API_KEY_NOT_FOUND = 'API key not found. List the keys to find the right ID.';

export const PASSKEY_REFUSED = 'The passkey was not accepted. Get new options, and try again.';
export const UNKNOWN_PASSKEY = 'No account has this passkey. Remove it from the device.';
export const PASSKEY_NOT_FOUND = 'Passkey not found. List the passkeys to find the right ID.';

export const DEVICE_NOT_FOUND =
  'Trusted device not found. List the trusted devices to find the right ID.';
export const NO_TRUSTED_DEVICES =
  'This service trusts no devices. Omit trustDevice, or set TRUSTED_DEVICE_DAYS.';
export const TRUST_NEEDS_COOKIE =
  'Only a browser in cookie mode can be trusted. Send the header Gatehouse-Session: cookie, or omit trustDevice.';

export const WEBHOOK_NOT_FOUND = 'Webhook not found. List the webhooks to find the right ID.';
export const DELIVERY_NOT_FOUND =
  'Delivery not found. List the deliveries of the webhook to find the right ID.';

export const invalidOtp = (message: string) => new AuthError('INVALID_OTP', message);

export const invalidToken = () => new AuthError('INVALID_TOKEN', 'The refresh token is not valid');

/** @param presented whether the request has an access token */
export const unauthenticated = (presented: boolean): AuthError =>
  new AuthError(
    'UNAUTHENTICATED',
    presented
      ? 'Given token not valid for any token type. Refresh the access token, or sign in again.'
      : 'Authentication credentials were not provided.',
  );

export const forbidden = () =>
  new AuthError('FORBIDDEN', 'Only an ADMIN may do this. Sign in with such an account.');

export const readOnlyKey = () =>
  new AuthError('FORBIDDEN', 'This API key may only read. Use one with the scope WRITE.');

/** Time for which a `stepUp` is valid, in seconds. */
export const STEP_UP_LIFETIME = 600;

export const stepUpRequired = (proofs: readonly StepUpProof[]): AuthError =>
  new AuthError('STEP_UP_REQUIRED', 'Confirm your identity with stepUp, then try again.', {
    proofs,
  });

/** Rejects a password or a mailed code as the proof of an account with a second factor. */
export const factorRequired = (proofs: readonly StepUpProof[]): AuthError =>
  new AuthError('STEP_UP_REQUIRED', FACTOR_REQUIRED, { proofs });

/** The challenge of a sign-in that only a factor can complete. `expiresIn` in seconds. */
export interface FactorChallenge {
  readonly factors: readonly FactorName[];
  readonly challengeId: string;
  readonly expiresIn: number;
  /** Days for which `trustDevice` is offered. Missing outside cookie mode, and if it is turned off. */
  readonly trustDeviceDays?: number;
}

export const mfaRequired = (challenge: FactorChallenge): AuthError =>
  new AuthError('MFA_REQUIRED', 'Complete the sign-in with a second factor: call verifyFactor.', {
    ...challenge,
  });

export const enrollmentRequired = () =>
  new AuthError(
    'ENROLLMENT_REQUIRED',
    'This account needs a second factor. Add an authenticator app with enrollTotp, or a passkey with passkeyRegistrationOptions.',
  );

/** A store is unavailable. Most restarts take less time than `retryAfter`. */
export const unavailable = (cause?: unknown, retryAfter = 5): AuthError =>
  new AuthError('UNAVAILABLE', 'The service is temporarily unavailable', { retryAfter }, cause);
