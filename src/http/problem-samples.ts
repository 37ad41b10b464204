import {
  type ErrorDetails,
  enrollmentRequired,
  mfaRequired,
  SESSION_NOT_FOUND,
  stepUpRequired,
} from '../errors/auth-error.ts';
import type { ProblemName } from '../errors/problem-types.ts';
import { JSON_ONLY } from './json-body.ts';

/**
 * An example of a problem. The place is the GraphQL field that returns the error, or `anywhere` if
 * the request is rejected before routing. Without a place, the GraphQL endpoint rejects the request.
 */
type Sample = readonly [text: string, place?: string, details?: ErrorDetails];

const tooShort = ['This password is too short. It must contain at least 8 characters.'];
const stepUp = stepUpRequired(['PASSWORD', 'CODE']);
const mfa = mfaRequired({
  factors: ['TOTP', 'RECOVERY_CODE'],
  challengeId: '3127-0894-5561-2070-9438-1185-6602-7743-0319-8856',
  expiresIn: 300,
});
const inboxText =
  'The inbox is available only on the machine that runs Gatehouse. Open it as http://localhost';

/** Examples of every problem: of its page, and of `detail` in the OpenAPI document. */
export const problemSamples: Readonly<Record<ProblemName, Sample>> = {
  'bad-user-input': ['The input is invalid', 'register', { fields: { password: tooShort } }],
  unauthenticated: ['Authentication credentials were not provided.', 'me'],
  forbidden: [inboxText, 'anywhere'],
  'step-up-required': [stepUp.message, 'exportMyData', stepUp.details],
  'mfa-required': [mfa.message, 'verifyOtp', mfa.details],
  'enrollment-required': [enrollmentRequired().message, 'updateProfile'],
  'invalid-credentials': ['Invalid credentials', 'login'],
  'invalid-otp': ['Invalid OTP', 'verifyOtp'],
  'invalid-token': ['The refresh token is not valid', 'refreshTokens'],
  'not-found': [SESSION_NOT_FOUND, 'revokeSession'],
  'rate-limited': ['Too many requests for this email', 'requestOtp', { retryAfter: 540 }],
  locked: ['Too many failed attempts, account locked', 'login', { unlockIn: 840 }],
  unavailable: ['The service is temporarily unavailable', 'verifyOtp', { retryAfter: 5 }],
  'internal-server-error': ['Something went wrong', 'login'],
  'bad-request': ['JSON parse error'],
  'payload-too-large': ['The request body is too large.'],
  'method-not-allowed': ['Method "GET" not allowed.'],
  'unsupported-media-type': [`Unsupported media type in request. ${JSON_ONLY}.`],
  'not-acceptable': ['Responses are JSON: send Accept: application/json'],
  'request-timeout': ['The request was not received in time', 'anywhere'],
  'expectation-failed': ['Unsupported Expect header: use 100-continue, or omit it', 'anywhere'],
  'headers-too-large': ['The headers are larger than 16 KiB', 'anywhere'],
  'not-implemented': ['Unsupported Transfer-Encoding: use chunked', 'anywhere'],
};
