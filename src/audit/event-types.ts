/** Audit events (contract §6), each with its description. */
export const auditEvents = {
  REGISTERED: 'The address was registered.',
  LOGIN_SUCCEEDED: 'The password was right; a sign-in code was mailed.',
  LOGIN_FAILED: 'The password was wrong, or the account has none.',
  LOGIN_LOCKED: 'Too many wrong passwords: the client has to wait. Recorded once per window.',
  OTP_REQUESTED: 'A sign-in code was requested.',
  OTP_VERIFIED: 'A sign-in code was redeemed; a session was opened.',
  OTP_FAILED: 'A code was wrong, expired or already used.',
  OTP_LOCKED: 'Too many wrong codes: the client has to wait. Recorded once per window.',
  PASSWORD_RESET_REQUESTED: 'A reset code was requested.',
  PASSWORD_RESET: 'A reset code was redeemed; a new password was set, and all sessions ended.',
  PASSWORD_CHANGED: 'The owner set a new password; all other sessions ended.',
  PROFILE_UPDATED: 'Names or the role of the account were changed.',
  TOKEN_REFRESHED: 'A refresh token was exchanged.',
  TOKEN_REUSED: 'A spent refresh token was presented; its session ended.',
  SESSION_REVOKED: 'A session was ended from another one, by an operator or by a limit.',
  LOGGED_OUT: 'The owner ended a session.',
  RATE_LIMITED: 'Too many requests: the client has to wait. Recorded once per window.',
} as const;

export type AuditEventName = keyof typeof auditEvents;
