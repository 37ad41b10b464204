import type { z } from 'zod';
import type { ZodOpenApiParameters } from 'zod-openapi';
import type { FieldMessages } from '../../errors/auth-error.ts';
import type { ProblemName } from '../../errors/problem-types.ts';
import { revokeSessionInput } from '../../sessions/session-inputs.ts';
import * as answers from './answers.ts';

/** What the operations are grouped by. */
export const tags = {
  Accounts: 'Who somebody is.',
  'Sign-in': 'With a password and a mailed code, or with a code alone.',
  Passwords: 'To set a new one, where the old one is known or forgotten.',
  Sessions: 'One for each signed-in device; it lives as long as its refresh tokens are exchanged.',
  'Audit log': 'What has happened to an address.',
  Service: 'For programs that verify access tokens, or watch the service.',
} as const;

/** What the OpenAPI document says of an operation, beside what its row does. */
export interface OperationDocs {
  readonly tag: keyof typeof tags;
  readonly description: string;
  /** The body of a success. */
  readonly answer: z.ZodObject | z.ZodArray;
  readonly parameters?: ZodOpenApiParameters;
  /** `detail` of a success, where the row has none. */
  readonly detail?: string;
  /** `detail` of refusals, where it is not what they usually say. */
  readonly refusals?: Partial<Record<ProblemName, readonly string[]>>;
  /** Of a refused input, where it is more telling than that something is missing. */
  readonly errors?: FieldMessages;
}

const perClient = 'Too many requests from this IP';
const mailed = { 'rate-limited': [perClient, 'Too many requests for this email'] } as const;

/** The chapters, by the GraphQL field that the row runs. */
export const manual: Readonly<Record<string, OperationDocs>> = {
  register: {
    tag: 'Accounts',
    description:
      'Creates an account and mails a sign-in code. Redeem it with `POST /api/v1/auth/otp/verify` ' +
      'and the `challenge_id` of this answer: this verifies the address, keeps password and names, ' +
      'and signs in. Without the `challenge_id` they are dropped. The answer is the same for a taken ' +
      'address, whose owner gets a notice instead of a code.',
    answer: answers.otpChallenge,
    detail: 'User registered successfully',
    refusals: mailed,
  },
  login: {
    tag: 'Sign-in',
    description:
      'Checks the password and mails a sign-in code. The tokens come by `POST ' +
      '/api/v1/auth/login/otp-verify`. An unknown address is answered as a wrong password is.',
    answer: answers.otpChallenge,
    detail: 'OTP sent to email',
    refusals: mailed,
  },
  verifyOtp: {
    tag: 'Sign-in',
    description:
      'Redeems a sign-in code, of `login` or of `requestOtp`, and opens a session. `POST ' +
      '/api/v1/auth/login/otp-verify` and `POST /api/v1/auth/otp/verify` are one operation: same ' +
      'codes, same limits. For an address without an account it makes one. A wrong, expired, ' +
      'spent or foreign code is refused alike.',
    answer: answers.signedIn,
  },
  requestOtp: {
    tag: 'Sign-in',
    description:
      'Mails a sign-in code, without a password. The answer does not tell whether the address ' +
      'has an account. The tokens come by `POST /api/v1/auth/otp/verify`.',
    answer: answers.otpChallenge,
    detail: 'OTP sent',
    refusals: mailed,
  },
  forgotPassword: {
    tag: 'Passwords',
    description:
      'Mails a reset code to the owner of the account, if there is one. The answer does not tell ' +
      'whether there is. The code signs nobody in.',
    answer: answers.otpChallenge,
    detail: 'OTP sent to email',
    refusals: mailed,
  },
  resetPassword: {
    tag: 'Passwords',
    description:
      'Redeems a reset code and sets a new password. All sessions and codes of the account end; ' +
      'there are no tokens in the answer.',
    answer: answers.acknowledgement,
    detail: 'Password reset successful',
    refusals: { 'invalid-otp': ['Invalid or expired OTP'] },
  },
  refreshTokens: {
    tag: 'Sessions',
    description:
      'Exchanges a refresh token for a new pair and spends it. If the answer is lost, ' +
      'present it again: until a successor is used, you get the same one (for 10 seconds) or a ' +
      'further one. Any other spent token ends the session.',
    answer: answers.tokenPair,
  },
  logout: {
    tag: 'Sessions',
    description:
      'Ends the session of the refresh token, or without one that of the access token. The ' +
      'refresh token alone is enough when the access token has expired. A session that has ' +
      'already ended is no error where its refresh token comes; its access token is refused.',
    answer: answers.acknowledgement,
    detail: 'Logged out',
  },
  changePassword: {
    tag: 'Passwords',
    description:
      'Sets a new password for who knows the current one. This session goes on; all others end, ' +
      'and all codes of the account. A wrong current password counts with the wrong ones of ' +
      '`login`. An account without a password is answered as if it were wrong: it gets its first ' +
      'by `forgotPassword`.',
    answer: answers.acknowledgement,
    detail: 'Password changed',
    errors: { current_password: ['This is not your password.'] },
  },
  me: {
    tag: 'Accounts',
    description: 'The account whose access token this is.',
    answer: answers.user,
  },
  updateProfile: {
    tag: 'Accounts',
    description: 'Changes the names: an absent one stays as it is, `null` clears it.',
    answer: answers.user,
  },
  sessions: {
    tag: 'Sessions',
    description: 'An account has at most 20: one more ends the oldest.',
    answer: answers.sessions,
  },
  revokeSession: {
    tag: 'Sessions',
    description:
      'Ends a session of the account, this one or another; its tokens are refused from then on. ' +
      'One that has ended, one of somebody else and none are refused alike.',
    answer: answers.revokedSessions,
    detail: 'Session ended',
    parameters: { path: revokeSessionInput },
    refusals: { 'not-found': ['There is no such session'] },
    errors: { id: ['This is no session id.'] },
  },
  revokeOtherSessions: {
    tag: 'Sessions',
    description: 'Ends all sessions of the account but the one of the access token.',
    answer: answers.revokedSessions,
    detail: 'Other sessions ended',
  },
  auditLogs: {
    tag: 'Audit log',
    description:
      'One page of the audit log, newest first: of the own address since the account exists, of ' +
      'everybody for an `ADMIN`. Events appear within 2 seconds. Other parameters are ignored, ' +
      'and kept in `next` and `previous`.',
    answer: answers.auditPage,
    parameters: { query: answers.auditQuery },
    errors: { from_date: ['Enter a valid date/time.'] },
  },
};
