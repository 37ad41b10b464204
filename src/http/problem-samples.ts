import { type ErrorDetails, SESSION_NOT_FOUND } from '../errors/auth-error.ts';
import type { ProblemName } from '../errors/problem-types.ts';
import { JSON_ONLY } from './json-body.ts';

/** An example of a refusal: its text, and how it differs from a refused request of REST. */
type Sample = readonly [text: string, more?: SampleOptions];
interface SampleOptions {
  /** GraphQL field that refuses. Without it, the request as a whole is refused. */
  readonly field?: string;
  readonly details?: ErrorDetails;
  /** `message` of the GraphQL endpoint. Default: the text of the code. */
  readonly endpointText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the request is refused before routing, with a problem document on every path. */
  readonly anywhere?: true;
}

const tooShort = ['This password is too short. It must contain at least 8 characters.'];
const anywhere = { anywhere: true } as const;

/** Examples of every problem: of its page, and of `detail` in the OpenAPI document. */
export const problemSamples: Readonly<Record<ProblemName, Sample>> = {
  'bad-user-input': [
    'The input is invalid',
    { field: 'register', details: { fields: { password: tooShort } } },
  ],
  unauthenticated: ['Authentication credentials were not provided.', { field: 'me' }],
  forbidden: [
    'The inbox is available only on the machine that runs Gatehouse. Open it as http://localhost',
    anywhere,
  ],
  'invalid-credentials': ['Invalid credentials', { field: 'login' }],
  'invalid-otp': ['Invalid OTP', { field: 'verifyOtp' }],
  'invalid-token': ['The refresh token is not valid', { field: 'refreshTokens' }],
  'not-found': [SESSION_NOT_FOUND, { field: 'revokeSession' }],
  'rate-limited': [
    'Too many requests for this email',
    { field: 'requestOtp', details: { retryAfter: 540 } },
  ],
  locked: [
    'Too many failed attempts, account locked',
    { field: 'login', details: { unlockIn: 840 } },
  ],
  unavailable: [
    'The service is temporarily unavailable',
    { field: 'verifyOtp', details: { retryAfter: 5 } },
  ],
  'internal-server-error': ['Something went wrong', { field: 'login' }],
  'bad-request': ['JSON parse error', { endpointText: 'The body must be JSON in UTF-8' }],
  'payload-too-large': ['The request body is too large.'],
  'method-not-allowed': ['Method "GET" not allowed.', { headers: { allow: 'OPTIONS, POST' } }],
  'unsupported-media-type': [
    `Unsupported media type in request. ${JSON_ONLY}.`,
    { endpointText: JSON_ONLY },
  ],
  'not-acceptable': ['Responses are JSON: send Accept: application/json'],
  'request-timeout': ['The request was not received in time', anywhere],
  'expectation-failed': ['Unsupported Expect header: use 100-continue, or omit it', anywhere],
  'headers-too-large': ['The headers are larger than 16 KiB', anywhere],
  'not-implemented': ['Unsupported Transfer-Encoding: use chunked', anywhere],
};
