/** Every value of `event` in an audit event. */
export type AuditEventName =
  /** The owner ended a session. */
  | 'LOGGED_OUT'
  /** The password was wrong, or the account has none. */
  | 'LOGIN_FAILED'
  /** Too many wrong passwords: the client has to wait. Recorded once per window. */
  | 'LOGIN_LOCKED'
  /** The password was right; a sign-in code was mailed. */
  | 'LOGIN_SUCCEEDED'
  /** A code was wrong, expired or already used. */
  | 'OTP_FAILED'
  /** Too many wrong codes: the client has to wait. Recorded once per window. */
  | 'OTP_LOCKED'
  /** A sign-in code was requested. */
  | 'OTP_REQUESTED'
  /** A sign-in code was redeemed; a session was opened. */
  | 'OTP_VERIFIED'
  /** The owner set a new password; all other sessions ended. */
  | 'PASSWORD_CHANGED'
  /** A reset code was redeemed; a new password was set, and all sessions ended. */
  | 'PASSWORD_RESET'
  /** A reset code was requested. */
  | 'PASSWORD_RESET_REQUESTED'
  /** Names or the role of the account were changed. */
  | 'PROFILE_UPDATED'
  /** Too many requests: the client has to wait. Recorded once per window. */
  | 'RATE_LIMITED'
  /** The address was registered. */
  | 'REGISTERED'
  /** A session was ended from another one, by an operator or by a limit. */
  | 'SESSION_REVOKED'
  /** A refresh token was exchanged. */
  | 'TOKEN_REFRESHED'
  /** A spent refresh token was presented; its session ended. */
  | 'TOKEN_REUSED';

/** Every value of `extensions.code` in an error. */
export type ErrorCode =
  /** The request is not a well-formed GraphQL request. */
  | 'BAD_REQUEST'
  /** The input breaks a rule; `extensions.fields` lists the messages of each field. */
  | 'BAD_USER_INPUT'
  /** The account may not do this. */
  | 'FORBIDDEN'
  /** The document is not GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not match the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** An internal error, which has been logged. */
  | 'INTERNAL_SERVER_ERROR'
  /** The e-mail address or the password is wrong. */
  | 'INVALID_CREDENTIALS'
  /** The code is wrong, expired, already used, or has another purpose. */
  | 'INVALID_OTP'
  /** The refresh token is bad, expired or already used, or its session has ended. */
  | 'INVALID_TOKEN'
  /** Too many failed attempts; `extensions.unlockIn` is the number of seconds to wait. */
  | 'LOCKED'
  /** The object does not exist, or belongs to another account. */
  | 'NOT_FOUND'
  /** The document does not say which of its operations to run. */
  | 'OPERATION_RESOLUTION_FAILURE'
  /** The request is too large. */
  | 'PAYLOAD_TOO_LARGE'
  /** The request identifies its document by a hash. Client libraries then send the document itself. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** Too many requests; `extensions.retryAfter` is the number of seconds to wait. */
  | 'RATE_LIMITED'
  /** The access token is missing, bad or expired, or its session has ended. */
  | 'UNAUTHENTICATED'
  /** A required store is unavailable; try again after `extensions.retryAfter` seconds. */
  | 'UNAVAILABLE';

/** Permissions of an account. */
export type Role =
  /** May also read the audit log of all accounts. */
  | 'ADMIN'
  /** May read and change its own data. */
  | 'USER';
