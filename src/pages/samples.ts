import { STATUS_CODES } from 'node:http';
import { errorCodes } from '../errors/auth-error.ts';
import { type ProblemName, problemTypes } from '../errors/problem-types.ts';
import { JSON_ONLY } from '../http/json-body.ts';

/** What the answers of one problem type carry, beside what all of them do. */
interface Sample {
  /** For people: `detail` over REST and `message` over GraphQL. */
  readonly message: string;
  /** `message` of the GraphQL endpoint, if no field refuses. Default: the text of the code. */
  readonly endpointMessage?: string;
  /** The GraphQL field that refuses; none where the request as a whole is refused. */
  readonly field?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** HTTP itself refuses the request, before routing: with a problem document on every path. */
  readonly anywhere?: true;
}

const queries = new Set(['auditLogs', 'me', 'sessions']);

const password = ['This password is too short. It must contain at least 8 characters.'];
const challenge = { 'WWW-Authenticate': 'Bearer realm="api"' };

const samples: Readonly<Record<ProblemName, Sample>> = {
  'bad-user-input': {
    message: 'The input is not valid',
    field: 'register',
    extensions: { fields: { password } },
    members: { errors: { password }, password },
  },
  unauthenticated: {
    message: 'Authentication credentials were not provided.',
    field: 'me',
    headers: challenge,
  },
  forbidden: { message: 'This is not yours to do', field: 'auditLogs' },
  'invalid-credentials': { message: 'Invalid credentials', field: 'login', headers: challenge },
  'invalid-otp': { message: 'Invalid OTP', field: 'verifyOtp' },
  'invalid-token': {
    message: 'The refresh token is not valid',
    field: 'refreshTokens',
    headers: challenge,
  },
  'not-found': { message: 'There is no such session', field: 'revokeSession' },
  'rate-limited': {
    message: 'Too many requests for this email',
    field: 'requestOtp',
    extensions: { retryAfter: 540 },
    members: { retry_after: 540 },
    headers: { 'Retry-After': '540' },
  },
  locked: {
    message: 'Too many failed attempts, account locked',
    field: 'login',
    extensions: { unlockIn: 840 },
    members: { unlock_in: 840 },
    headers: { 'Retry-After': '840' },
  },
  unavailable: {
    message: 'The service is temporarily unavailable',
    field: 'verifyOtp',
    extensions: { retryAfter: 5 },
    members: { retry_after: 5 },
    headers: { 'Retry-After': '5' },
  },
  'internal-server-error': { message: 'Something went wrong', field: 'login' },
  'bad-request': {
    message: 'JSON parse error',
    endpointMessage: 'The body must be JSON in UTF-8',
  },
  'payload-too-large': { message: 'The request body is too large.' },
  'method-not-allowed': {
    message: 'Method "GET" not allowed.',
    headers: { Allow: 'OPTIONS, POST' },
  },
  'unsupported-media-type': {
    message: `Unsupported media type in request. ${JSON_ONLY}.`,
    endpointMessage: JSON_ONLY,
  },
  'not-acceptable': { message: 'Responses are JSON: accept application/json' },
  'request-timeout': { message: 'The request did not arrive in time', anywhere: true },
  'expectation-failed': { message: 'The header Expect may only be 100-continue', anywhere: true },
  'headers-too-large': { message: 'The headers are larger than 16 KiB', anywhere: true },
  'not-implemented': {
    message: 'The header Transfer-Encoding may only be chunked',
    anywhere: true,
  },
};

/** An answer over REST, with its headers. `publicUrl` is where `type` begins. */
export function restSample(name: ProblemName, publicUrl: string): string {
  const { status, title, code } = problemTypes[name];
  const { message: detail, members, headers } = samples[name];
  const type = `${publicUrl}/problems/${name}`;
  const body = { type, title, status, detail, code, ...members };
  return answer(status, { 'Content-Type': 'application/problem+json', ...headers }, body);
}

/** The same over GraphQL. A refusal by a field is an answer like others, with status 200. */
export function graphqlSample(name: ProblemName, publicUrl: string): string {
  const { status, code } = problemTypes[name];
  const { message, endpointMessage, field, extensions, headers, anywhere } = samples[name];
  if (anywhere) return restSample(name, publicUrl);
  if (field === undefined) {
    const text = endpointMessage ?? errorCodes[code].replace(/\.$/, '');
    const error = { message: text, extensions: { code } };
    return answer(status, headers, { errors: [error] });
  }
  const error = { message, path: [field], extensions: { code, ...extensions } };
  const { 'WWW-Authenticate': _challenge, ...others } = headers ?? {};
  // A refused query nulls only its own field. A refused mutation nulls the whole response.
  const data = queries.has(field) ? { [field]: null } : null;
  return answer(200, others, { data, errors: [error] });
}

function answer(status: number, headers: Sample['headers'], body: object): string {
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines];
  // A list of one text fits its line.
  const json = JSON.stringify(body, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]');
  return `${head.join('\n')}\n\n${json}`;
}
