import type { ZodOpenApiParameters } from 'zod-openapi';
import type { FieldMessages } from '../../errors/auth-error.ts';
import type { ProblemName } from '../../errors/problem-types.ts';
import { revokeSessionInput } from '../../sessions/session-inputs.ts';
import { auditQuery } from './page-schemas.ts';

/** Groups of operations. */
export const tags = {
  Accounts: 'Registration and profile.',
  'Sign-in': 'With a password and a mailed code, or with a code alone.',
  Passwords: 'Change a password, or reset a forgotten one.',
  Sessions: 'One per signed-in device. A session lives as long as its tokens are refreshed.',
  'Audit log': 'Security events of an e-mail address.',
  Service: 'For programs that verify access tokens or monitor the service.',
} as const;

/** Documentation of an operation that its route does not contain. */
export interface OperationDocs {
  readonly tag: keyof typeof tags;
  readonly summary: string;
  /** Replaces the description of the GraphQL field. */
  readonly description?: string;
  /** Component name of the response, if it is not the GraphQL type. */
  readonly component?: string;
  readonly parameters?: ZodOpenApiParameters;
  /** Example of `detail` in a success. */
  readonly detail?: string;
  /** Examples of `detail` in refusals, if they are not the usual ones. */
  readonly refusals?: Partial<Record<ProblemName, readonly string[]>>;
  /** Example of refused input, if it is not a missing field. */
  readonly errors?: FieldMessages;
}

const mailed: OperationDocs['refusals'] = {
  'rate-limited': ['Too many requests from this IP', 'Too many requests for this email'],
};

/** Documentation by GraphQL field. */
export const operationDocs: Readonly<Record<string, OperationDocs>> = {
  register: {
    tag: 'Accounts',
    summary: 'Create an account',
    description:
      'Creates an account and mails a sign-in code. Redeem it with `POST /api/v1/auth/otp/verify` ' +
      'and the `challenge_id` of this response: this verifies the address, keeps password and ' +
      'names, and signs in. Without the `challenge_id`, password and names are discarded. If the ' +
      'address has an account, the response is the same and its owner gets a notice instead of a ' +
      'code.',
    detail: 'User registered successfully',
    refusals: mailed,
  },
  login: {
    tag: 'Sign-in',
    summary: 'Sign in with a password',
    description:
      'Checks the password and mails a sign-in code. Redeem it with `POST ' +
      '/api/v1/auth/login/otp-verify`. Responds to an unknown address as to a wrong password.',
    detail: 'OTP sent to email',
    refusals: mailed,
  },
  verifyOtp: {
    tag: 'Sign-in',
    summary: 'Redeem a sign-in code',
    description:
      'Redeems a sign-in code of `login` or `requestOtp` and opens a session. `POST ' +
      '/api/v1/auth/login/otp-verify` and `POST /api/v1/auth/otp/verify` are the same operation. ' +
      'Creates an account if none exists for the address. A wrong, expired or used code, and a ' +
      'code of another address, get the same response.',
    component: 'SignedIn',
  },
  requestOtp: {
    tag: 'Sign-in',
    summary: 'Sign in without a password',
    detail: 'OTP sent',
    refusals: mailed,
  },
  forgotPassword: {
    tag: 'Passwords',
    summary: 'Request a reset code',
    detail: 'OTP sent to email',
    refusals: mailed,
  },
  resetPassword: {
    tag: 'Passwords',
    summary: 'Set a new password with a reset code',
    detail: 'Password reset successful',
    refusals: { 'invalid-otp': ['Invalid or expired OTP'] },
  },
  refreshTokens: {
    tag: 'Sessions',
    summary: 'Exchange a refresh token for a new pair of tokens',
    description:
      'Exchanges a refresh token, which works once, for a new pair of tokens. If the response was ' +
      'lost, send the same token again: until a successor is used, you get the same successor ' +
      '(for 10 seconds) or another one. Any other used token ends the session.',
    component: 'TokenPair',
  },
  logout: {
    tag: 'Sessions',
    summary: 'End this session',
    description:
      'Ends the session of the refresh token. Without a refresh token, ends the session of the ' +
      'access token. The refresh token is sufficient if the access token has expired. If the ' +
      'session has already ended, its refresh token is accepted and its access token is refused.',
    detail: 'Logged out',
  },
  changePassword: {
    tag: 'Passwords',
    summary: 'Change the password',
    description:
      'Sets a new password if the current one is right. Ends all other sessions and all codes of ' +
      'the account. A wrong current password counts towards the limit of `login`. An account ' +
      'without a password gets the response to a wrong one; `forgotPassword` sets its first one.',
    detail: 'Password changed',
    errors: { current_password: ['This is not your password.'] },
  },
  me: {
    tag: 'Accounts',
    summary: 'Read the signed-in account',
  },
  updateProfile: {
    tag: 'Accounts',
    summary: 'Change the names of the account',
  },
  sessions: {
    tag: 'Sessions',
    summary: 'List the live sessions of the account',
    description: 'An account has at most 20 sessions. A further sign-in ends the oldest one.',
  },
  revokeSession: {
    tag: 'Sessions',
    summary: 'End a session',
    description:
      'Ends this or another session of the account. Its tokens are refused from then on. Responds ' +
      '404 if the account has no such live session.',
    detail: 'Session ended',
    parameters: { path: revokeSessionInput },
    refusals: { 'not-found': ['There is no such session'] },
    errors: { id: ['This is no session id.'] },
  },
  revokeOtherSessions: {
    tag: 'Sessions',
    summary: 'End all other sessions',
    detail: 'Other sessions ended',
  },
  auditLogs: {
    tag: 'Audit log',
    summary: 'List the audit log',
    description:
      'One page of the audit log, newest first. An `ADMIN` sees all events; other accounts see ' +
      'the events of their own address since the account exists. Events appear within 2 seconds. ' +
      'Unknown parameters are ignored, and kept in `next` and `previous`.',
    parameters: { query: auditQuery },
    errors: { from_date: ['Enter a valid date/time.'] },
  },
};
