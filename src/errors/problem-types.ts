import type { ErrorCode } from './auth-error.ts';

/** A type of problem documents (RFC 9457). Its page is `/problems/` and its name. */
export interface ProblemType {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
}

const types = {
  'bad-user-input': { code: 'BAD_USER_INPUT', status: 400, title: 'Invalid input' },
  unauthenticated: { code: 'UNAUTHENTICATED', status: 401, title: 'Not signed in' },
  forbidden: { code: 'FORBIDDEN', status: 403, title: 'Not allowed' },
  'step-up-required': { code: 'STEP_UP_REQUIRED', status: 401, title: 'Step-up required' },
  'mfa-required': { code: 'MFA_REQUIRED', status: 403, title: 'Second factor required' },
  'enrollment-required': {
    code: 'ENROLLMENT_REQUIRED',
    status: 403,
    title: 'Second factor must be enrolled',
  },
  'invalid-credentials': { code: 'INVALID_CREDENTIALS', status: 401, title: 'Wrong credentials' },
  'invalid-otp': { code: 'INVALID_OTP', status: 400, title: 'Wrong or expired code' },
  'invalid-token': { code: 'INVALID_TOKEN', status: 401, title: 'Invalid refresh token' },
  'not-found': { code: 'NOT_FOUND', status: 404, title: 'Not found' },
  'rate-limited': { code: 'RATE_LIMITED', status: 429, title: 'Too many requests' },
  locked: { code: 'LOCKED', status: 423, title: 'Too many failed attempts' },
  unavailable: { code: 'UNAVAILABLE', status: 503, title: 'Temporarily unavailable' },
  'internal-server-error': {
    code: 'INTERNAL_SERVER_ERROR',
    status: 500,
    title: 'Internal server error',
  },
  'bad-request': { code: 'BAD_REQUEST', status: 400, title: 'Malformed request' },
  'payload-too-large': { code: 'PAYLOAD_TOO_LARGE', status: 413, title: 'Request body too large' },
  'method-not-allowed': { code: 'BAD_REQUEST', status: 405, title: 'Method not allowed' },
  'unsupported-media-type': { code: 'BAD_REQUEST', status: 415, title: 'Unsupported media type' },
  'not-acceptable': { code: 'BAD_REQUEST', status: 406, title: 'Not acceptable' },
  'request-timeout': { code: 'BAD_REQUEST', status: 408, title: 'Request timeout' },
  'expectation-failed': { code: 'BAD_REQUEST', status: 417, title: 'Expectation failed' },
  'headers-too-large': {
    code: 'PAYLOAD_TOO_LARGE',
    status: 431,
    title: 'Request headers too large',
  },
  'not-implemented': { code: 'BAD_REQUEST', status: 501, title: 'Not implemented' },
} satisfies Record<string, ProblemType>;

export type ProblemName = keyof typeof types;

/** Every problem type by its name. `pages/problem-texts.md` explains each one. */
export const problemTypes: Readonly<Record<ProblemName, ProblemType>> = types;
