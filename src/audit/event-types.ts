/** Audit events, each with its description. */
export const auditEvents = {
  REGISTERED: 'The address was registered.',
  LOGIN_SUCCEEDED:
    'The password was right: a sign-in code was mailed, or `stepUp` confirmed the identity.',
  LOGIN_FAILED: 'The password was wrong, or the account has none.',
  LOGIN_LOCKED:
    'Too many wrong passwords; the client is locked out temporarily. Recorded once per window.',
  OTP_REQUESTED: 'A code was requested: for a sign-in, `stepUp` or a new address.',
  OTP_VERIFIED:
    'A sign-in code opened a session, or was right and a second factor is required, or a code of `requestStepUp` confirmed the identity.',
  OTP_FAILED: 'A code was wrong, expired or already used.',
  OTP_LOCKED:
    'Too many wrong codes; the client is locked out temporarily. Recorded once per window.',
  FACTOR_ENROLLED:
    'The owner enrolled a second factor. With the first one, all other sessions ended.',
  FACTOR_REMOVED: 'The owner removed a second factor, or undid a change of the address.',
  FACTOR_VERIFIED: 'The proof of a second factor opened a session, or confirmed the identity.',
  FACTOR_FAILED: 'The proof of a second factor was wrong, or already used.',
  RECOVERY_CODES_RENEWED: 'The owner replaced the recovery codes.',
  DEVICE_TRUSTED: 'A browser was trusted with a second factor, and needs none until it expires.',
  DEVICE_TRUST_ENDED: 'The owner removed a trusted device.',
  FACTOR_ENROLMENT_UNDONE:
    'The enrolment of the first factor was undone; all factors and the password were removed, and all sessions ended.',
  FACTOR_RESET_REQUESTED: 'An administrator or operator requested the removal of all factors.',
  FACTOR_RESET_CANCELLED: 'The owner cancelled the requested removal of all factors.',
  FACTORS_RESET: 'All factors were removed, as an administrator or operator had requested.',
  PASSKEY_ADDED: 'The owner added a passkey.',
  PASSKEY_RENAMED: 'The owner renamed a passkey.',
  PASSKEY_REMOVED: 'The owner removed a passkey, or undid a change of the address.',
  PASSKEY_VERIFIED: 'A passkey opened a session.',
  PASSKEY_FAILED:
    'A passkey was refused. The reason `COUNTER` means that its signature counter went back: it was copied.',
  PASSWORD_RESET_REQUESTED: 'A reset code was requested.',
  PASSWORD_RESET: 'The password was reset with a code; all sessions were ended.',
  PASSWORD_CHANGED: 'The owner set a new password; all other sessions ended.',
  EMAIL_CHANGE_REQUESTED:
    'A change of the address was requested: the new one got a code, the old one a notice.',
  EMAIL_CHANGED: 'The address of the account changed.',
  EMAIL_CHANGE_UNDONE:
    'A change of the address was undone; all sessions ended, and the password, API keys and recent second factors were removed.',
  PROFILE_UPDATED: 'The names or the role of the account changed.',
  TOKEN_REFRESHED: 'A refresh token was exchanged.',
  TOKEN_REUSED: 'A used refresh token was presented again; its session was ended.',
  SESSION_REVOKED:
    'A session was ended by the owner from another session, by an administrator or operator, or because a limit was exceeded.',
  LOGGED_OUT: 'The owner ended a session.',
  USER_CREATED: 'An administrator created the user.',
  USER_DISABLED: 'An administrator disabled the user; all sessions were ended.',
  USER_ENABLED: 'An administrator enabled the user.',
  USER_UNLOCKED: 'An administrator cleared the failed attempts of the address.',
  USER_DELETED: 'The user deleted the account, or an administrator did.',
  ROLE_CHANGED: 'An administrator changed the role of the user.',
  API_KEY_CREATED: 'An administrator or operator created an API key.',
  API_KEY_REVOKED:
    'An administrator or operator revoked an API key, or its creator undid a change of the address.',
  WEBHOOK_CREATED: 'An administrator or operator created a webhook.',
  WEBHOOK_UPDATED: 'An administrator or operator changed a webhook, or switched it on or off.',
  WEBHOOK_DELETED: 'An administrator or operator deleted a webhook.',
  WEBHOOK_SECRET_ROTATED: 'An administrator or operator gave a webhook a new secret.',
  WEBHOOK_REDELIVERED: 'An administrator or operator sent a message to a webhook again.',
  WEBHOOK_SWITCHED_OFF: 'A worker switched off a webhook that had failed for three days.',
  RATE_LIMITED: 'A rate limit was exceeded. Recorded once per window.',
} as const;

export type AuditEventName = keyof typeof auditEvents;
