import type { Answer } from '#tests/support/request.ts';
import { type Call, placeOf, queryOf } from './call.ts';
import { type Pair, pairs, restName, statuses } from './mapping.ts';

/** Public URL of both replicas. */
export const PUBLIC_URL = 'https://gatehouse.example';

/** An answer of REST. Of the title of a problem only people take notice. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** Why GraphQL refuses. */
export interface Refusal {
  readonly message: string;
  readonly code: string;
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  readonly retryAfter?: number;
  readonly unlockIn?: number;
  readonly proofs?: readonly string[];
  readonly factors?: readonly string[];
  readonly challengeId?: string;
  readonly expiresIn?: number;
  readonly trustDeviceDays?: number;
}

export function refusalIn({ text }: Answer): Refusal | undefined {
  const [error] = JSON.parse(text).errors ?? [];
  return error && { message: error.message, ...error.extensions };
}

/** Reads a REST response. */
export function readRest({ status, headers, text }: Answer): RestAnswer {
  const body = JSON.parse(text);
  if (status >= 400) delete body.title;
  // A cursor contains what is random.
  if (body.next) body.next = body.next.replace(/after=[\w-]+/, 'after=…');
  return { status, headers: seen(headers), body };
}

/** Returns the REST answer that corresponds to an answer of GraphQL. */
export function asRest(call: Call, given: Answer): RestAnswer {
  // Past the limit of all requests, and from a foreign origin, nobody reads what is asked for.
  if (![200, 403, 429].includes(given.status))
    throw new Error(`GraphQL answers ${given.status}: ${given.text}`);
  const refusal = refusalIn(given);
  const answer = refusal ? refused(refusal) : answered(call, JSON.parse(given.text).data);
  const type = answer.status < 400 ? 'application/json' : 'application/problem+json';
  const challenge = answer.status === 401 ? challengeOf(refusal?.code) : undefined;
  const headers = { ...given.headers, 'content-type': type, 'www-authenticate': challenge };
  // In the order of REST, by which placeholders are numbered.
  return { status: answer.status, headers: seen(headers), body: answer.body };
}

const challengeOf = (code: string | undefined): string =>
  code === 'STEP_UP_REQUIRED'
    ? 'Bearer realm="api", error="insufficient_user_authentication", error_description="A recent step-up is required", max_age="600"'
    : 'Bearer realm="api"';

const seen = (headers: Answer['headers']): RestAnswer['headers'] => {
  const names = ['cache-control', 'content-type', 'retry-after', 'www-authenticate'];
  const found = (cookie: string) => {
    const text = headers['set-cookie']?.find((each) => each.startsWith(`${cookie}=`));
    const [, value, attributes] = /=([^;]*)(.*)/.exec(text ?? '') ?? [];
    return { value, attributes };
  };
  const [session, device] = [found('__Host-gatehouse'), found('__Host-gatehouse-device')];
  return {
    ...Object.fromEntries(names.map((name) => [name, headers[name]?.toString()])),
    cookie: session.value,
    'cookie attributes': session.attributes,
    'device cookie': device.value,
    'device cookie attributes': device.attributes,
  };
};

type Translated = Pick<RestAnswer, 'status' | 'body'>;
type Shown = Readonly<Record<string, unknown>>;

function answered(call: Call, data: Shown): Translated {
  const { status, shown, detail }: Pair = pairs[call.operation];
  const answer = data[call.operation] as Shown;
  if (Array.isArray(answer)) return { status, body: answer.map((each) => only(shown, each)) };
  if (call.operation === 'auditLogs') return pageOf(call, answer as unknown as List);
  if (call.operation === 'users' || call.operation === 'webhookDeliveries')
    return cursorPageOf(call, answer as unknown as List);
  return { status, body: { ...only(shown, answer), ...(detail !== undefined && { detail }) } };
}

const only = (names: readonly string[], answer: Shown): Shown =>
  Object.fromEntries(names.map((name) => [restName(name), nested(name, answer[name])]));

/** Fields with objects, whose members have REST names. Others are JSON values. */
const objects = ['sessions', 'locks', 'counts', 'passkeys'];

function nested(name: string, value: unknown): unknown {
  if (!objects.includes(name) || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each) => nested(name, each));
  return value && only(Object.keys(value), value as Shown);
}

function problem(code: string, detail: string, members: object = {}): Translated {
  const status = statuses[code];
  if (status === undefined) throw new Error(`GraphQL refuses with ${code}`);
  const type = `${PUBLIC_URL}/problems/${code.toLowerCase().replaceAll('_', '-')}`;
  return { status, body: { type, status, detail, code, ...members } };
}

function refused({ message, code, ...details }: Refusal): Translated {
  const fields = details.fields && renamed(details.fields);
  return problem(code, message, {
    ...fields,
    ...(fields && { errors: fields }),
    ...(details.retryAfter !== undefined && { retry_after: details.retryAfter }),
    ...(details.proofs && { proofs: details.proofs }),
    ...(details.factors && { factors: details.factors }),
    ...(details.challengeId && { challenge_id: details.challengeId }),
    ...(details.expiresIn && { expires_in: details.expiresIn }),
    ...(details.trustDeviceDays && { trust_device_days: details.trustDeviceDays }),
    ...(details.unlockIn !== undefined && { unlock_in: details.unlockIn }),
  });
}

function renamed(fields: Readonly<Record<string, readonly string[]>>) {
  const entries = Object.entries(fields).map(([path, messages]) => {
    const name = restName(path.split('.').at(-1) ?? '') || 'non_field_errors';
    return [name, name.endsWith('_date') ? ['Enter a valid date/time.'] : messages];
  });
  return Object.fromEntries(entries);
}

interface List {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: Shown }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
}

/** Translates a connection that was requested by `first` and `offset`. */
function pageOf(call: Call, { totalCount, edges, pageInfo }: List): Translated {
  const { status, shown } = pairs.auditLogs;
  const page = Number(call.input?.page);
  if (page > 1 && edges.length === 0) return problem('NOT_FOUND', 'Invalid page.');
  const link = (to: number) => PUBLIC_URL + placeOf(call) + queryOf(call, to);
  const body = {
    count: totalCount,
    next: pageInfo.hasNextPage ? link(page + 1) : null,
    previous: pageInfo.hasPreviousPage ? link(page - 1) : null,
    results: edges.map(({ node }) => only(shown, node)),
  };
  return { status, body };
}

function cursorPageOf(call: Call, { edges, pageInfo }: List): Translated {
  const { status, shown }: Pair = pairs[call.operation];
  const query = new URLSearchParams(queryOf(call));
  query.set('after', '');
  query.sort();
  const next = `${PUBLIC_URL}${placeOf(call)}?${query}`.replace('after=', 'after=…');
  const results = edges.map(({ node }) => only(shown, node));
  return { status, body: { next: pageInfo.hasNextPage ? next : null, results } };
}
