import { request as httpRequest } from 'node:http';
import { type Call, placeOf, queryOf } from '#tests/equivalence/call.ts';
import { type Operation, type Pair, pairs, restName } from '#tests/equivalence/mapping.ts';
import { cookieHeaders, readCookie, readSignIn } from './cookie-transport.ts';
import { releasedDocument } from './released-document.ts';

/** Milliseconds that a client waits for an answer. */
export const ANSWER_TIMEOUT = 10_000;

/** One request for one field, through one of the transports. */
interface Question {
  readonly operation: Operation;
  /** By GraphQL names. */
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  readonly bearer?: string | undefined;
  /** The client's address. */
  readonly from: string;
  /** `cookie`: with the token of the input. `browser`: a sign-in in cookie mode. */
  readonly transport: 'graphql' | 'rest' | 'oauth' | 'cookie' | 'browser';
  /** The device cookie of a browser. */
  readonly device?: string | undefined;
}

/**
 * Result of a request. `unknown`: it may have happened or not (503, or a lost answer). `unsent`:
 * nobody listened, so nothing has happened.
 */
export interface Answer {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown' | 'unsent';
  /** Code of a refusal, or of the network error if no answer came. */
  readonly code?: string;
  readonly status?: number;
  /** Result of a success, named as in GraphQL. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Asks the server at `url` over a connection of its own. Never rejects. */
export async function ask(url: string, question: Question): Promise<Answer> {
  try {
    const raw = await send(url, question);
    if (isMissing(question, raw)) return await ask(url, { ...question, transport: 'rest' });
    // A balancer answers for a server.
    if (raw.status > 500 && !raw.text.startsWith('{'))
      return { outcome: 'unknown', code: `HTTP ${raw.status}`, data: {} };
    return read(question, raw);
  } catch (error) {
    const { code = 'NO_ANSWER', name } = error as NodeJS.ErrnoException;
    const outcome = code === 'ECONNREFUSED' ? 'unsent' : 'unknown';
    return { outcome, code: name === 'AbortError' ? 'NO_ANSWER' : code, data: {} };
  }
}

interface Raw {
  readonly status: number;
  readonly text: string;
  readonly setCookies: readonly string[];
}

/** Whether the server is release 0.2, which has neither OAuth endpoints nor cookie mode. */
const isMissing = ({ transport }: Question, { status, text }: Raw): boolean =>
  transport === 'oauth' ? status === 404 : transport === 'cookie' && /"BAD_USER_INPUT"/.test(text);

function send(url: string, question: Question): Promise<Raw> {
  const { method, place, body, type = 'application/json' } = sendable[question.transport](question);
  const { bearer, from, transport, input, device } = question;
  const headers = {
    connection: 'close',
    ...(transport === 'cookie' && cookieHeaders(url, input as { refreshToken: string })),
    ...(transport === 'browser' && cookieHeaders(url, { device })),
    ...(body !== undefined && { 'content-type': type }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT);
  const options = { method, headers, signal, localAddress: from, agent: false as const };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url + place, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const { 'set-cookie': setCookies = [] } = incoming.headers;
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, text, setCookies });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

interface Sendable {
  readonly method: string;
  readonly place: string;
  readonly body?: string;
  /** Content type of the body, if it is not JSON. */
  readonly type?: string;
}

function graphqlOf({ operation, input }: Question): Sendable {
  // An upgrade rehearsal also asks servers of the newest release.
  const query = releasedDocument(pairs[operation].document.toString());
  const variables = operation === 'auditLogs' ? { first: 10 } : input && { input };
  return { method: 'POST', place: '/graphql', body: JSON.stringify({ query, variables }) };
}

function restOf({ operation, input, bearer, from }: Question): Sendable {
  const way = { path: 0, finalSlash: false, numericCode: false };
  const call: Call = { operation, input, bearer, from, userAgent: '', way };
  const { method }: Pair = pairs[operation];
  const place = placeOf(call) + queryOf(call);
  if (method === 'GET' || method === 'DELETE') return { method, place };
  const entries = Object.entries(input ?? {}).map(([name, value]) => [restName(name), value]);
  return { method, place, body: JSON.stringify(Object.fromEntries(entries)) };
}

function oauthOf({ operation, input }: Question): Sendable {
  const token = String(input?.refreshToken);
  const isRefresh = operation === 'refreshTokens';
  const form = isRefresh ? { grant_type: 'refresh_token', refresh_token: token } : { token };
  const type = 'application/x-www-form-urlencoded';
  const place = `/oauth/${isRefresh ? 'token' : 'revoke'}`;
  return { method: 'POST', place, body: `${new URLSearchParams(form)}`, type };
}

const cookieOf = (question: Question): Sendable => graphqlOf({ ...question, input: {} });

const sendable = {
  graphql: graphqlOf,
  rest: restOf,
  oauth: oauthOf,
  cookie: cookieOf,
  browser: graphqlOf,
};

/** Whether an OAuth endpoint and cookie mode have this operation with this input. */
export const hasOwnToken = ({ operation, input }: Pick<Question, 'operation' | 'input'>): boolean =>
  ['refreshTokens', 'logout'].includes(operation) && typeof input?.refreshToken === 'string';

/** Reads the answer of an OAuth endpoint. Revocation has no body. */
function readOAuth(status: number, text: string): Answer {
  const body = text ? JSON.parse(text) : {};
  const failure = status === 503 ? 'UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
  if (status >= 500) return { outcome: 'unknown', code: failure, status, data: {} };
  if (status < 400) {
    const data = { accessToken: body.access_token, refreshToken: body.refresh_token };
    return { outcome: 'acknowledged', status, data };
  }
  const code = body.error === 'invalid_grant' ? 'INVALID_TOKEN' : body.error;
  return { outcome: 'refused', code: status === 429 ? 'RATE_LIMITED' : code, status, data: {} };
}

function read(question: Question, raw: Raw): Answer {
  const { status, text, setCookies } = raw;
  const { transport, operation } = question;
  if (transport === 'oauth') return readOAuth(status, text);
  if (transport === 'cookie' || transport === 'browser') {
    const answer = read({ ...question, transport: 'graphql' }, raw);
    if (transport === 'browser') return readSignIn(answer, setCookies);
    return readCookie(answer, operation, setCookies);
  }
  const body = JSON.parse(text);
  const code = transport === 'rest' ? body.code : body.errors?.[0]?.extensions?.code;
  if (status >= 500 || code === 'UNAVAILABLE' || code === 'INTERNAL_SERVER_ERROR') {
    return { outcome: 'unknown', code: code ?? String(status), status, data: {} };
  }
  if (code !== undefined) {
    const challengeId = body.challenge_id ?? body.errors?.[0]?.extensions?.challengeId;
    return { outcome: 'refused', code, status, data: challengeId ? { challengeId } : {} };
  }
  if (transport === 'graphql') {
    return { outcome: 'acknowledged', status, data: { ...body.data?.[operation] } };
  }
  // A list.
  if (Array.isArray(body)) {
    return { outcome: 'acknowledged', status, data: Object.fromEntries(body.entries()) };
  }
  const { shown }: Pair = pairs[operation];
  const data = Object.fromEntries(shown.map((name) => [name, body[restName(name)]]));
  return { outcome: 'acknowledged', status, data };
}
