/** Everything that is recorded (contract §6), and what each name says. */
export const auditEvents = {
  REGISTERED: 'Somebody registered the address.',
  LOGIN_SUCCEEDED: 'The password was right; a sign-in code was mailed.',
  LOGIN_FAILED: 'The password was wrong, or there is none.',
  OTP_REQUESTED: 'A sign-in code was asked for.',
  OTP_VERIFIED: 'A sign-in code was redeemed; a session was opened.',
  OTP_FAILED: 'A code was wrong, expired or already used.',
} as const;

export type AuditEventName = keyof typeof auditEvents;
