/** Everything that is recorded (contract §6), and what each name says. */
export const auditEvents = {
  REGISTERED: 'Somebody registered the address.',
  LOGIN_SUCCEEDED: 'The password was right; a sign-in code was mailed.',
  LOGIN_FAILED: 'The password was wrong, or there is none.',
  LOGIN_LOCKED: 'Too many wrong passwords: a client has to wait. Recorded once per window.',
  OTP_REQUESTED: 'A sign-in code was asked for.',
  OTP_VERIFIED: 'A sign-in code was redeemed; a session was opened.',
  OTP_FAILED: 'A code was wrong, expired or already used.',
  OTP_LOCKED: 'Too many wrong codes: a client has to wait. Recorded once per window.',
  PASSWORD_RESET_REQUESTED: 'A reset code was asked for.',
  PASSWORD_RESET: 'A reset code was redeemed; a new password was set, all sessions ended.',
  PASSWORD_CHANGED: 'The owner set a new password; all other sessions ended.',
  PROFILE_UPDATED: 'Names or the role of the account were changed.',
  TOKEN_REFRESHED: 'A refresh token was exchanged.',
  TOKEN_REUSED: 'A spent refresh token came back; its session ended.',
  SESSION_REVOKED: 'A session was ended from another one, or by the limit of sessions.',
  LOGGED_OUT: 'A session was ended by its owner.',
  RATE_LIMITED: 'Too many requests: a client has to wait. Recorded once per window.',
} as const;

export type AuditEventName = keyof typeof auditEvents;
