/** Permissions of an API key. */
export type ApiKeyScope =
  /** Run the queries of administrators. */
  | 'READ'
  /** Run the queries and mutations of administrators. */
  | 'WRITE';

/** Every value of `event` in an audit event. */
export type AuditEventName =
  /** An administrator or operator created an API key. */
  | 'API_KEY_CREATED'
  /** An administrator or operator revoked an API key, or its creator undid a change of the address. */
  | 'API_KEY_REVOKED'
  /** A browser was trusted with a second factor, and needs none until it expires. */
  | 'DEVICE_TRUSTED'
  /** The owner removed a trusted device. */
  | 'DEVICE_TRUST_ENDED'
  /** The address of the account changed. */
  | 'EMAIL_CHANGED'
  /** A change of the address was requested: the new one got a code, the old one a notice. */
  | 'EMAIL_CHANGE_REQUESTED'
  /** A change of the address was undone; all sessions ended, and the password, API keys and recent second factors were removed. */
  | 'EMAIL_CHANGE_UNDONE'
  /** All factors were removed, as an administrator or operator had requested. */
  | 'FACTORS_RESET'
  /** The owner enrolled a second factor. With the first one, all other sessions ended. */
  | 'FACTOR_ENROLLED'
  /** The enrolment of the first factor was undone; all factors and the password were removed, and all sessions ended. */
  | 'FACTOR_ENROLMENT_UNDONE'
  /** The proof of a second factor was wrong, or already used. */
  | 'FACTOR_FAILED'
  /** The owner removed a second factor, or undid a change of the address. */
  | 'FACTOR_REMOVED'
  /** The owner cancelled the requested removal of all factors. */
  | 'FACTOR_RESET_CANCELLED'
  /** An administrator or operator requested the removal of all factors. */
  | 'FACTOR_RESET_REQUESTED'
  /** The proof of a second factor opened a session, or confirmed the identity. */
  | 'FACTOR_VERIFIED'
  /** The owner ended a session. */
  | 'LOGGED_OUT'
  /** The password was wrong, or the account has none. */
  | 'LOGIN_FAILED'
  /** Too many wrong passwords; the client is locked out temporarily. Recorded once per window. */
  | 'LOGIN_LOCKED'
  /** The password was right: a sign-in code was mailed, or `stepUp` confirmed the identity. */
  | 'LOGIN_SUCCEEDED'
  /** A code was wrong, expired or already used. */
  | 'OTP_FAILED'
  /** Too many wrong codes; the client is locked out temporarily. Recorded once per window. */
  | 'OTP_LOCKED'
  /** A code was requested: for a sign-in, `stepUp` or a new address. */
  | 'OTP_REQUESTED'
  /** A sign-in code opened a session, or was right and a second factor is required, or a code of `requestStepUp` confirmed the identity. */
  | 'OTP_VERIFIED'
  /** The owner added a passkey. */
  | 'PASSKEY_ADDED'
  /** A passkey was refused. The reason `COUNTER` means that its signature counter went back: it was copied. */
  | 'PASSKEY_FAILED'
  /** The owner removed a passkey, or undid a change of the address. */
  | 'PASSKEY_REMOVED'
  /** The owner renamed a passkey. */
  | 'PASSKEY_RENAMED'
  /** A passkey opened a session. */
  | 'PASSKEY_VERIFIED'
  /** The owner set a new password; all other sessions ended. */
  | 'PASSWORD_CHANGED'
  /** The password was reset with a code; all sessions were ended. */
  | 'PASSWORD_RESET'
  /** A reset code was requested. */
  | 'PASSWORD_RESET_REQUESTED'
  /** The names or the role of the account changed. */
  | 'PROFILE_UPDATED'
  /** A rate limit was exceeded. Recorded once per window. */
  | 'RATE_LIMITED'
  /** The owner replaced the recovery codes. */
  | 'RECOVERY_CODES_RENEWED'
  /** The address was registered. */
  | 'REGISTERED'
  /** An administrator changed the role of the user. */
  | 'ROLE_CHANGED'
  /** A session was ended by the owner from another session, by an administrator or operator, or because a limit was exceeded. */
  | 'SESSION_REVOKED'
  /** A refresh token was exchanged. */
  | 'TOKEN_REFRESHED'
  /** A used refresh token was presented again; its session was ended. */
  | 'TOKEN_REUSED'
  /** An administrator created the user. */
  | 'USER_CREATED'
  /** The user deleted the account, or an administrator did. */
  | 'USER_DELETED'
  /** An administrator disabled the user; all sessions were ended. */
  | 'USER_DISABLED'
  /** An administrator enabled the user. */
  | 'USER_ENABLED'
  /** An administrator cleared the failed attempts of the address. */
  | 'USER_UNLOCKED'
  /** An administrator or operator created a webhook. */
  | 'WEBHOOK_CREATED'
  /** An administrator or operator deleted a webhook. */
  | 'WEBHOOK_DELETED'
  /** An administrator or operator sent a message to a webhook again. */
  | 'WEBHOOK_REDELIVERED'
  /** An administrator or operator gave a webhook a new secret. */
  | 'WEBHOOK_SECRET_ROTATED'
  /** A worker switched off a webhook that had failed for three days. */
  | 'WEBHOOK_SWITCHED_OFF'
  /** An administrator or operator changed a webhook, or switched it on or off. */
  | 'WEBHOOK_UPDATED';

/** Every value of `extensions.code` in an error. */
export type ErrorCode =
  /** The request is malformed. */
  | 'BAD_REQUEST'
  /** The input is invalid; `extensions.fields` lists the messages for each field. */
  | 'BAD_USER_INPUT'
  /** The service requires a second factor or a passkey of this account (`REQUIRE_MFA`). Until this session enrols one, it may do nothing else. */
  | 'ENROLLMENT_REQUIRED'
  /** The account, API key or origin may not do this. */
  | 'FORBIDDEN'
  /** The document has a GraphQL syntax error. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not match the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** An internal error, which has been logged. */
  | 'INTERNAL_SERVER_ERROR'
  /** The e-mail address or the password is wrong, or the passkey was not accepted. */
  | 'INVALID_CREDENTIALS'
  /** The code, proof of a factor or undo secret is wrong, expired, already used, or has another purpose. */
  | 'INVALID_OTP'
  /** The refresh token is invalid, expired or already used, or its session has ended. */
  | 'INVALID_TOKEN'
  /** Too many failed attempts; `extensions.unlockIn` is the number of seconds to wait. */
  | 'LOCKED'
  /** The code was right, and the account has a second factor. Complete the sign-in with `verifyFactor`: `extensions.factors` lists the factors, `extensions.challengeId` names the sign-in. `extensions.trustDeviceDays` is there if the browser can become a trusted device. */
  | 'MFA_REQUIRED'
  /** The object does not exist, or belongs to another account. For `signInWithPasskey`: no account has the passkey. */
  | 'NOT_FOUND'
  /** The request must select one operation of the document with `operationName`. */
  | 'OPERATION_RESOLUTION_FAILURE'
  /** The request is too large. */
  | 'PAYLOAD_TOO_LARGE'
  /** Persisted queries are not supported. Send the full document; client libraries do so automatically. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** Too many requests; `extensions.retryAfter` is the number of seconds to wait. */
  | 'RATE_LIMITED'
  /** The operation requires a recent `stepUp` in this session; `extensions.proofs` lists the accepted proofs. */
  | 'STEP_UP_REQUIRED'
  /** The access token or API key is missing, invalid, expired or revoked, or its session has ended. */
  | 'UNAUTHENTICATED'
  /** The service is overloaded, or PostgreSQL or Redis is unavailable. Try again after `extensions.retryAfter` seconds. */
  | 'UNAVAILABLE';

/** Kinds of second factors. */
export type FactorName =
  /** A passkey (WebAuthn). */
  | 'PASSKEY'
  /** A recovery code, which stands in for a lost factor once. */
  | 'RECOVERY_CODE'
  /** A code of an authenticator app (RFC 6238). */
  | 'TOTP';

/** Permissions of an account. */
export type Role =
  /** Can also manage all users and read their audit log. */
  | 'ADMIN'
  /** Can read and change its own account and sessions. */
  | 'USER';

/** Whether a user can sign in. */
export type UserStatus =
  /** Can sign in. */
  | 'ACTIVE'
  /** Cannot sign in. An administrator disabled the user. */
  | 'DISABLED'
  /** The first redeemed code will verify the address. */
  | 'UNVERIFIED';

/** State of a delivery. */
export type WebhookDeliveryStatus =
  /** The receiver accepted it. */
  | 'DELIVERED'
  /** It was retried for three days, and is sent again only by `redeliver`. */
  | 'FAILED'
  /** Waits for its first or next attempt. */
  | 'PENDING';
