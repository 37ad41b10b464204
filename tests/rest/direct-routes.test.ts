import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { routes } from '#src/rest/rest-routes.ts';
import { useApp } from '../support/app.ts';
import { mostly, type SentRequest, useBothWays } from '../support/both-ways.ts';
import { Person } from '../support/flow.ts';

const many = '5000/3600';
// All requests with the token concern one address and one session.
const app = useApp({
  LIMIT_ADDRESSES: many,
  LIMIT_MAILED_CODES: many,
  LIMIT_MAILED_CODES_DAY: many,
  LIMIT_MAILBOX: many,
  LIMIT_MAILBOX_DAY: many,
  LIMIT_SESSION_WRONG_PASSWORDS: '1000',
  LIMIT_UNKNOWN_WRONG_PASSWORDS: many,
  LIMIT_UNKNOWN_WRONG_CODES: many,
  LIMIT_UNKNOWN_WRONG_CODES_DAY: many,
});
const ways = useBothWays(app);
let token = '';
/** Token of a user whose audit log does not change. */
let reader = '';
beforeAll(async () => {
  token = (await new Person(app).signIn()).accessToken;
  reader = (await new Person(app).signIn()).accessToken;
  await app.auditWritten();
});

const usually = mostly(12);

const values: Record<string, unknown[]> = {
  email: ['{address}', ' {address} ', 'none', 5, null, undefined],
  password: ['wool-lantern-73', 'short', '', undefined],
  otp: [123456, '000000', '12', -1, undefined],
  challenge_id: [undefined, 'none', '1234-5678'],
  refresh: [undefined, 'none', 7],
  // A wrong one, five times, would end the session of the token.
  current_password: ['', undefined, 5],
  new_password: ['amber-compass-91', 'short', undefined],
  first_name: ['Ada', null, undefined, ' '],
  last_name: ['Lovelace', ['x'], undefined],
  more: [undefined, 1],
};
const bodies = fc.record(
  Object.fromEntries(
    Object.entries(values).map(([name, each]) => [name, fc.constantFrom(...each)]),
  ),
);

/** Queries of paged routes. */
const queries = [
  ...['', '?', '?page=1', '?page=2', '?page=last&page_size=1', '?page_size=1', '?PAGE=2'],
  '?page=1&page=2',
  ...['?from_date=never', '?%zz', '?event=a?&page=9', '?email=%41', '?event=login_succeeded'],
];

const requests = fc.record({
  route: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...routes) },
    { weight: 1, arbitrary: fc.constantFrom(...routes.filter(({ paged }) => paged)) },
  ),
  path: usually('', '/', '?page=2', '/x', '//', '?%zz'),
  query: fc.constantFrom(...queries),
  method: usually('', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PATCH'),
  type: usually('application/json', 'application/json; charset=utf-8', 'text/plain', ''),
  token: fc.constantFrom('valid', 'valid', '', 'Bearer wrong', 'Basic x'),
  accept: usually('', 'text/html', 'application/xml'),
  origin: usually('', 'http://gatehouse.test', 'https://evil.test'),
  session: usually('', 'cookie', 'cookie', 'other'),
  cookie: usually('', '__Host-gatehouse=a.b.c', '__Host-gatehouse=; __Host-gatehouse='),
  body: fc.oneof(
    { weight: 9, arbitrary: bodies.map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', 'null', '[]', '5', '{"email":', '\ufeff{}') },
    { weight: 1, arbitrary: fc.constantFrom(Buffer.from('{"a":"\xff"}', 'latin1')) },
    { weight: 1, arbitrary: fc.constant(JSON.stringify({ long: 'x'.repeat(100_000) })) },
  ),
});

type Drawn = Parameters<Parameters<typeof requests.map<SentRequest>>[0]>[0];

function sentRequest({ route, path, query, method, token: given, body, ...drawn }: Drawn) {
  const { type, accept, origin, session, cookie } = drawn;
  const authorization = given === 'valid' ? `Bearer ${route.paged ? reader : token}` : given;
  const headers = Object.entries({
    ...{ 'content-type': type, authorization, accept, origin, cookie },
    'gatehouse-session': session,
  });
  const usual = method || route.method;
  // Node's client sends other methods without a length.
  const hasBody = ['PUT', 'PATCH', 'POST'].includes(usual);
  return {
    path: `/api/v1${route.path.replace(/\{\w+\}/, 'none')}${path}${route.paged && !path.includes('?') ? query : ''}`,
    method: usual,
    headers: Object.fromEntries(headers.filter(([, value]) => value)) as Record<string, string>,
    ...(hasBody && { body }),
  };
}

it('responds to 500 random requests as Hono does', async () => {
  const sent = fc
    .sample(requests, { numRuns: 600, seed: 7 })
    // They would end the session of the token.
    .filter(({ route }) => !['logout', 'revokeOtherSessions'].includes(route.field))
    .map(sentRequest)
    .slice(0, 500);
  expect(sent).toHaveLength(500);
  expect(await ways.compareAll(sent)).toBeGreaterThan(200);
}, 60_000);
