import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { newAddress, type TestApp, useApp } from './support/app.ts';
import { failEveryStatement } from './support/failing-statements.ts';
import { openConnection } from './support/raw-connection.ts';
import { rest } from './support/rest.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const origin = 'https://app.example.com';
const app = useApp({ CORS_ORIGINS: origin, LIMIT_REQUESTS: '150/60' });

interface Line extends Record<string, unknown> {
  readonly msg: string;
  readonly requestId?: string;
}

const linesAbout = (of: TestApp, id: unknown): Line[] =>
  of.logLines.map((line): Line => JSON.parse(line)).filter(({ requestId }) => requestId === id);

/** Returns the lines about a request, without the line that each request leaves. */
const causesOf = (of: TestApp, id: unknown): Line[] =>
  linesAbout(of, id).filter(({ msg }) => msg !== 'request');

it('gives every response its own id, also on errors', async () => {
  const json = { 'content-type': 'application/json' };
  const answers = [
    await app.graphql('{ __typename }'),
    await app.graphql('{'),
    await app.fetch('/graphql', { method: 'PUT' }),
    await app.fetch('/graphql', { method: 'POST', headers: json, body: 'x'.repeat(100_001) }),
    await rest(app, 'GET', '/auth/me'),
    await rest(app, 'POST', '/auth/login', 'x'.repeat(100_001)),
    await rest(app, 'PATCH', '/auth/login'),
    await app.fetch('/api/v1/auth/me', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET' },
    }),
    ...(await Promise.all(
      ['/healthz', '/readyz', '/.well-known/jwks.json', '/nowhere', '/', '/problems'].map((path) =>
        app.fetch(path),
      ),
    )),
    await app.fetch('/healthz', { headers: { host: '[' } }),
  ];
  const last = async () => rest(app, 'GET', '/auth/me', undefined, { from: '127.3.3.3' });
  for (let refused = false; !refused; ) {
    const answer = await last();
    refused = answer.status === 429;
    if (refused) answers.push(answer);
  }
  const ids = answers.map(({ headers }) => headers['x-request-id']);
  for (const id of ids) expect(id).toMatch(UUID);
  expect(new Set(ids).size).toBe(answers.length);
});

it.each([
  ['GraphQL', () => app.graphql('{ me { id } }', {}, { token: 'no-token' })],
  ['REST', () => rest(app, 'GET', '/auth/me', undefined, { token: 'no-token' })],
])(
  'logs a rejection over %s with the request ID of the response and its code',
  async (_name, ask) => {
    const { headers } = await ask();
    const lines = await app.eventually(() => {
      const found = linesAbout(app, headers['x-request-id']);
      return found.length > 0 && found;
    });
    expect(lines).toEqual([
      expect.objectContaining({ msg: 'request', code: 'UNAUTHENTICATED', level: 30 }),
    ]);
  },
);

describe('the request ID of a failed request', () => {
  const registration = () => ({ email: newAddress(), password: 'wool-lantern-73' });
  const transports = {
    async GraphQL() {
      const query = 'mutation ($input: RegisterInput!) { register(input: $input) { detail } }';
      const answer = await app.graphql(query, { input: registration() });
      return { code: answer.code, id: answer.headers['x-request-id'] };
    },
    async REST() {
      const { body, headers } = await rest(app, 'POST', '/auth/register', registration());
      return { code: body.code, id: headers['x-request-id'] };
    },
  };

  it.each(Object.entries(transports))(
    'leads from a response of %s to its log line',
    async (_name, register) => {
      await failEveryStatement(app, new Error('a fault'));
      const { code, id } = await register();
      expect(code).toBe('INTERNAL_SERVER_ERROR');
      expect(causesOf(app, id)).toEqual([
        expect.objectContaining({ msg: 'unexpected error', level: 50 }),
      ]);
    },
  );

  it('leads from the response of the JWKS route to its log line', async () => {
    const jwks = vi.spyOn(app.runtime.keys, 'jwks').mockRejectedValue(new Error('a fault'));
    onTestFinished(() => jwks.mockRestore());
    const { status, headers } = await app.fetch('/.well-known/jwks.json');
    expect([status, causesOf(app, headers['x-request-id'])]).toEqual([
      500,
      [expect.objectContaining({ msg: 'unexpected error' })],
    ]);
  });

  it('leads to its own log line if many requests fail concurrently', async () => {
    await failEveryStatement(app, Object.assign(new Error('away'), { code: '57P01' }));
    const answers = await Promise.all(
      [transports.GraphQL, transports.REST].flatMap((register) =>
        Array.from({ length: 8 }, register),
      ),
    );
    for (const { code, id } of answers) {
      expect(code).toBe('UNAVAILABLE');
      expect(causesOf(app, id)).toEqual([
        expect.objectContaining({ msg: 'PostgreSQL or Redis is unavailable' }),
      ]);
    }
  });
});

describe('the request ID of a client or proxy', () => {
  const proxied = useApp({ TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' });
  const path = '/api/v1/auth/me';
  const idFor = async (given: string, from: string, more = {}) => {
    const headers = { 'x-request-id': given, ...more };
    return (await proxied.fetch(path, { headers, from })).headers['x-request-id'];
  };

  it.each(['0', 'b0c1-D2_e3', 'f'.repeat(64)])('is taken from a trusted proxy: %s', async (id) => {
    expect(await idFor(id, '127.0.0.1')).toBe(id);
  });

  it.each([
    ['too long', 'f'.repeat(65)],
    ['empty', ''],
    ['two', 'a, b'],
    ['with a blank', 'a b'],
    ['with a quote', 'a"b'],
    ['a tag', '<script>'],
    ['with a tab', 'a\tb'],
    ['not ASCII', 'caf\u00e9'],
    ['a line with another header', 'a%0d%0aSet-Cookie: b'],
  ])('is not taken if it is %s', async (_what, id) => {
    expect(await idFor(id, '127.0.0.1')).toMatch(UUID);
  });

  it('is not accepted from a client', async () => {
    const claim = { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' };
    expect(await idFor('mine', '127.4.4.4', claim)).toMatch(UUID);
  });

  it('is not accepted if it is sent twice', async () => {
    const connection = await openConnection(proxied.url);
    connection.write(
      ...['GET /healthz HTTP/1.1', 'Host: localhost', 'X-Request-Id: a', 'X-Request-Id: b', '', ''],
    );
    const answer = await proxied.eventually(() => connection.received);
    expect(/^x-request-id: (.*)\r$/m.exec(answer)?.[1]).toMatch(UUID);
  });
});
