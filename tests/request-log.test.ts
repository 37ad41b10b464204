import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { openConnection } from './support/raw-connection.ts';
import type { Answer } from './support/request.ts';
import { rest } from './support/rest.ts';

const app = useApp({ LIMIT_REQUESTS: '100/60' });

interface Line {
  readonly requestId: string;
  readonly level: number;
  readonly operation: string;
  readonly code: string;
  readonly status?: number;
  readonly ms?: number;
  readonly client: string;
}

const requestLines = (): Line[] =>
  app.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');

/** The lines about one response. A second one would come with the first. */
const linesOf = ({ headers }: Answer): Promise<Line[]> =>
  app.eventually(() => {
    const found = requestLines().filter(({ requestId }) => requestId === headers['x-request-id']);
    return found.length > 0 && found;
  });

const INFO = 30;
const DEBUG = 20;

it.each<[string, () => Promise<Answer>, string, string, number]>([
  [
    'a query',
    () => app.graphql('query Secret { a: __typename b: me { id } }'),
    'query __typename me',
    'UNAUTHENTICATED',
    200,
  ],
  [
    'a fragment',
    () => app.graphql('{ ...F } fragment F on Query { ... on Query { __typename } }'),
    'query __typename',
    'OK',
    200,
  ],
  [
    'a mutation',
    () => app.graphql('mutation { logout { detail } }'),
    'mutation logout',
    'UNAUTHENTICATED',
    200,
  ],
  [
    'a query by GET',
    () => app.fetch('/graphql/?query={__typename}&x=secret'),
    'query __typename',
    'OK',
    200,
  ],
  [
    'a mistyped variable',
    () => app.graphql('query ($f: Int!) { auditLogs(first: $f) { totalCount } }', { f: 'x' }),
    'query auditLogs',
    'BAD_USER_INPUT',
    200,
  ],
  [
    'a document with an unknown field',
    () => app.graphql('{ secret }'),
    'unknown',
    'GRAPHQL_VALIDATION_FAILED',
    200,
  ],
  [
    'a document that does not parse',
    () => app.graphql('secret'),
    'unknown',
    'GRAPHQL_PARSE_FAILED',
    200,
  ],
  [
    'a body that is not JSON',
    () => app.fetch('/graphql', { method: 'POST', body: 'secret' }),
    'unknown',
    'BAD_REQUEST',
    415,
  ],
  [
    'a REST route',
    () => rest(app, 'DELETE', '/auth/sessions/secret'),
    'DELETE /api/v1/auth/sessions/:id',
    'UNAUTHENTICATED',
    401,
  ],
  [
    'a REST route with a query',
    () => rest(app, 'GET', '/audit/logs?page=secret'),
    'GET /api/v1/audit/logs',
    'UNAUTHENTICATED',
    401,
  ],
  [
    'an error of REST',
    () => rest(app, 'POST', '/auth/otp/request', { email: 'secret' }),
    'POST /api/v1/auth/otp/request',
    'BAD_USER_INPUT',
    400,
  ],
  [
    'a success of REST',
    () => rest(app, 'POST', '/auth/otp/request', { email: 'ada@example.com' }),
    'POST /api/v1/auth/otp/request',
    'OK',
    202,
  ],
  [
    'another method',
    () => rest(app, 'PATCH', '/auth/me'),
    'PATCH /api/v1/auth/me',
    'BAD_REQUEST',
    405,
  ],
  ['no route', () => app.fetch('/secret/secret'), 'unknown', 'NOT_FOUND', 404],
  ['no route of REST', () => app.fetch('/api/v1/secret'), 'unknown', 'NOT_FOUND', 404],
  [
    'a document',
    () => app.fetch('/.well-known/jwks.json'),
    'GET /.well-known/jwks.json',
    'OK',
    200,
  ],
  [
    'a malformed host',
    () => app.fetch('/graphql', { headers: { host: '[' } }),
    'unknown',
    'BAD_REQUEST',
    400,
  ],
  [
    'a preflight',
    () =>
      app.fetch('/graphql', {
        method: 'OPTIONS',
        headers: { origin: 'http://localhost', 'access-control-request-method': 'POST' },
      }),
    'preflight',
    'OK',
    204,
  ],
])('writes one line about %s', async (_what, ask, operation, code, status) => {
  const answer = await ask();
  const lines = await linesOf(answer);
  expect(lines).toEqual([
    expect.objectContaining({ level: INFO, operation, code, status, client: '127.0.0.1/32' }),
  ]);
  expect(lines[0]?.ms).toBeGreaterThanOrEqual(0);
  expect(JSON.stringify(lines)).not.toMatch(/secret/i);
});

it('names the operation that a limit rejected', async () => {
  const from = newClient();
  const ask = () => app.graphql('{ __typename }', {}, { from });
  let answer = await ask();
  while (answer.status !== 429) answer = await ask();
  expect(await linesOf(answer)).toMatchObject([{ code: 'RATE_LIMITED', status: 429 }]);
});

it('writes a line about malformed HTTP, and one about a client that disconnected', async () => {
  app.logLines.length = 0;
  const noise = await openConnection(app.url);
  noise.write('secret', '', '');
  await app.eventually(() => noise.isClosed);
  const [, id] = /x-request-id: (\S+)/.exec(noise.received) ?? [];
  expect(requestLines()).toMatchObject([{ requestId: id, code: 'BAD_REQUEST', status: 400 }]);

  const half = await openConnection(app.url);
  half.write(
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    'Content-Length: 9',
    '',
    '{',
  );
  half.socket.end();
  const line = await app.eventually(() => requestLines().find(({ code }) => code === 'ABORTED'));
  expect(line.status).toBeUndefined();
});

it('writes probes at level debug, which production leaves out', async () => {
  for (const path of ['/healthz', '/readyz/']) {
    const lines = await linesOf(await app.fetch(path));
    expect(lines).toMatchObject([{ level: DEBUG, code: 'OK', status: 200 }]);
  }
});

it('logs only the network of the client, and nothing that was sent', async () => {
  app.logLines.length = 0;
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  await app.graphql(
    '{ me { id } }',
    {},
    { token: accessToken, from: ada.from, headers: { 'user-agent': 'Mosaic' } },
  );
  await app.eventually(() => requestLines().some(({ operation }) => operation === 'query me'));
  const text = app.logLines.join('');
  expect(text).toContain(`"client":"${ada.from}/32"`);
  expect(text).not.toMatch(new RegExp(`${ada.email}|${accessToken}|Mosaic|"${ada.from}"`));
});
