import { request as httpRequest } from 'node:http';
import { type Call, placeOf, queryOf } from '#tests/equivalence/call.ts';
import { type Operation, type Pair, pairs, restName } from '#tests/equivalence/mapping.ts';

/** Milliseconds that a client waits for an answer. */
export const ANSWER_TIMEOUT = 10_000;

/** One request for one field, through either transport. */
interface Question {
  readonly operation: Operation;
  /** By GraphQL names. */
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  readonly bearer?: string | undefined;
  /** The client's address. */
  readonly from: string;
  readonly transport: 'graphql' | 'rest';
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
    const { status, text } = await send(url, question);
    return read(question, status, text);
  } catch (error) {
    const { code = 'NO_ANSWER', name } = error as NodeJS.ErrnoException;
    const outcome = code === 'ECONNREFUSED' ? 'unsent' : 'unknown';
    return { outcome, code: name === 'AbortError' ? 'NO_ANSWER' : code, data: {} };
  }
}

interface Raw {
  readonly status: number;
  readonly text: string;
}

function send(url: string, question: Question): Promise<Raw> {
  const { method, place, body } =
    question.transport === 'rest' ? restOf(question) : graphqlOf(question);
  const { bearer, from } = question;
  const headers = {
    connection: 'close',
    ...(body !== undefined && { 'content-type': 'application/json' }),
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
        resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
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
}

function graphqlOf({ operation, input }: Question): Sendable {
  // Release 0.2 does not know this field.
  const query = pairs[operation].document.toString().replace(/\n.*\btotalCountCapped\b.*/, '');
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

function read({ transport, operation }: Question, status: number, text: string): Answer {
  const body = JSON.parse(text);
  const code = transport === 'rest' ? body.code : body.errors?.[0]?.extensions?.code;
  if (status >= 500 || code === 'UNAVAILABLE' || code === 'INTERNAL_SERVER_ERROR') {
    return { outcome: 'unknown', code: code ?? String(status), status, data: {} };
  }
  if (code !== undefined) return { outcome: 'refused', code, status, data: {} };
  if (transport === 'graphql') {
    return { outcome: 'acknowledged', status, data: body.data?.[operation] ?? {} };
  }
  const { shown }: Pair = pairs[operation];
  const data = Object.fromEntries(shown.map((name) => [name, body[restName(name)]]));
  return { outcome: 'acknowledged', status, data };
}
