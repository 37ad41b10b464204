import { expect, it } from 'vitest';
import { newClient, type TestApp, useApp } from './support/app.ts';
import { production } from './support/production.ts';

const ORIGIN = 'https://app.example.com';
const listed = useApp({ CORS_ORIGINS: ORIGIN, LIMIT_REQUESTS: '40/60' });
const SITE = 'http://localhost:5173';
const local = useApp({ CORS_ORIGINS: `${SITE},http://app.localhost` });
const closed = useApp();
const wide = useApp({
  ...production,
  PUBLIC_URL: 'https://auth.example.co.uk',
  CORS_ORIGINS:
    'https://*.example.com,https://*.example.org:8443,https://app.example.co.uk,https://app.other.co.uk',
});

const places = ['/api/v1/auth/login', '/graphql'];

const preflight = (path: string, origin: string) =>
  listed.fetch(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

it.each(places)('allows pages of a listed origin to call %s', async (path) => {
  const { status, headers } = await preflight(path, ORIGIN);
  expect(status).toBe(204);
  expect(headers['access-control-allow-origin']).toBe(ORIGIN);
  expect(headers['access-control-allow-methods']).toContain('POST');
  expect(headers['access-control-allow-headers']).toContain('authorization');
  expect(headers['access-control-allow-credentials']).toBeUndefined();

  const answer = await listed.fetch(path, { method: 'POST', headers: { origin: ORIGIN } });
  expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN);
});

it.each(places)(
  'exposes the headers of %s to pages of a listed origin, also on errors',
  async (path) => {
    const from = newClient();
    const ask = () => listed.fetch(path, { method: 'POST', headers: { origin: ORIGIN }, from });
    let answer = await ask();
    while (answer.status !== 429) answer = await ask();

    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-expose-headers': 'retry-after, ratelimit, ratelimit-policy, x-request-id',
      'retry-after': expect.any(String),
      vary: 'origin',
    });
  },
);

it('responds to an OPTIONS request other than a preflight with the allowed methods', async () => {
  const { status, headers } = await listed.fetch('/api/v1/auth/me', { method: 'OPTIONS' });
  expect([status, headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
});

it.each(places)('sends no CORS headers to other origins at %s', async (path) => {
  for (const origin of ['https://evil.test', 'null', `${ORIGIN}.evil.test`]) {
    const answers = [
      await preflight(path, origin),
      await listed.fetch(path, { method: 'POST', headers: { origin } }),
    ];
    for (const { headers } of answers) {
      expect([undefined, ORIGIN]).toContain(headers['access-control-allow-origin']);
    }
  }
});

it.each(places)('sends no CORS headers at %s if no origin is listed', async (path) => {
  const { headers } = await closed.fetch(path, { method: 'POST', headers: { origin: ORIGIN } });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

const allowedOrigin = async (app: TestApp, origin: string, path = '/graphql') =>
  (await app.fetch(path, { method: 'POST', headers: { origin } })).headers[
    'access-control-allow-origin'
  ];

it.each([
  'http://localhost:5173',
  'http://localhost',
  'https://localhost:3000',
  'http://127.0.0.1:8080',
  'http://[::1]:4200',
])('lets pages of this machine call the API in development: %s', async (origin) => {
  expect(await allowedOrigin(closed, origin)).toBe(origin);
  expect(await allowedOrigin(wide, origin)).toBeUndefined();
});

it.each([
  'http://localhost.evil.test',
  'http://localhost@evil.test',
  'http://127.0.0.1.evil.test',
  'http://evil.test/localhost',
  'http://localhost:5173/',
  'http://localhost:x',
  'null',
])('does not treat another origin as local: %s', async (origin) => {
  expect(await allowedOrigin(closed, origin)).toBeUndefined();
});

it('matches `*.` with one label of a host, on the given scheme and port', async () => {
  for (const origin of ['https://app.example.com', 'https://a-1.example.org:8443']) {
    expect(await allowedOrigin(wide, origin)).toBe(origin);
  }
  for (const origin of [
    ...['https://example.com', 'https://.example.com', 'http://app.example.com', 'null'],
    ...['https://app.example.com:8443', 'https://app.example.org', 'https://a.b.example.com'],
    ...['https://evilexample.com', 'https://app.example.com.evil.test', 'https://x@y.example.com'],
    ...[
      'https://evil.test/.example.com',
      'https://evil.test#.example.com',
      'https://*.example.com:1',
    ],
  ]) {
    expect([origin, await allowedOrigin(wide, origin)]).toEqual([origin, undefined]);
  }
});

it('logs once which origin was rejected, and the setting that would allow it', async () => {
  const lines = () => listed.logLines.filter((line) => line.includes('CORS_ORIGINS'));
  listed.logLines.length = 0;
  const origin = 'https://new.example.com';
  for (const _turn of [1, 2]) {
    await preflight('/graphql', origin);
    await listed.fetch('/graphql', { method: 'POST', headers: { origin } });
  }
  expect(lines().map((line) => JSON.parse(line).origin)).toEqual([origin]);
  // No warning about its own pages, or about text that is not an origin.
  for (const other of [listed.url, 'https://A.test/path?token=1', 'https://a.test"']) {
    await listed.fetch('/graphql', { method: 'POST', headers: { origin: other } });
  }
  expect(lines()).toHaveLength(1);
  // The number of warnings is bounded.
  for (let index = 0; index < 150; index++) {
    const headers = { origin: `https://a${index}.test` };
    await listed.fetch('/graphql', { method: 'POST', headers, from: newClient() });
  }
  expect(lines().length).toBeLessThanOrEqual(100);
});

it.each([
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/openapi.json',
  '/openapi.yaml',
  '/api/schema/',
  '/schema.graphql',
])('lets pages of any origin read %s', async (path) => {
  const origin = 'https://anywhere.test';
  const answer = await wide.fetch(path, { headers: { origin } });
  expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
  const asked = await wide.fetch(path, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET' },
  });
  expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, '*']);
});

it('lets pages of listed origins call the OAuth endpoints of clients, and no page those of services', async () => {
  const allowed = async (path: string, origin: string) =>
    (await preflight(path, origin)).headers['access-control-allow-origin'];
  for (const path of ['/oauth/token', '/oauth/revoke']) {
    expect([path, await allowed(path, ORIGIN)]).toEqual([path, ORIGIN]);
    expect(await allowed(path, 'https://evil.test')).toBeUndefined();
  }
  for (const path of ['/oauth/introspect', '/oauth/verify', '/oauth/verify/envoy/']) {
    expect([path, await allowed(path, ORIGIN)]).toEqual([path, undefined]);
  }
});

it('lets client libraries send the headers that they send', async () => {
  const { headers } = await preflight('/graphql', ORIGIN);
  for (const name of [
    'authorization',
    'content-type',
    'apollo-require-preflight',
    'x-apollo-operation-name',
  ]) {
    expect(String(headers['access-control-allow-headers']).split(', ')).toContain(name);
  }
});

it('lets exact origins of the same site send cookies, and no others', async () => {
  const allowed = (app: TestApp, origin: string, host: string) =>
    Promise.all(
      places.map(async (path) => {
        const asked = {
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,gatehouse-session',
        };
        const { headers } = await app.fetch(path, {
          method: 'OPTIONS',
          headers: { origin, host, ...asked },
        });
        const answer = await app.fetch(path, { method: 'POST', headers: { origin, host } });
        expect(headers['access-control-allow-headers']).toContain('gatehouse-session, *');
        const name = 'access-control-allow-credentials';
        expect(answer.headers[name]).toBe(headers[name]);
        return headers[name];
      }),
    );
  for (const [app, origin, host, expected] of [
    [wide, 'https://app.example.co.uk', 'auth.example.co.uk', 'true'],
    [wide, 'https://app.example.co.uk', 'internal:8000', 'true'],
    [wide, 'https://app.other.co.uk', 'auth.example.co.uk', undefined],
    [wide, 'https://app.example.com', 'auth.example.com', undefined],
    [local, SITE, 'localhost:8000', 'true'],
    [local, SITE, '127.0.0.1:8000', undefined],
    [local, 'http://localhost:3000', 'localhost:8000', undefined],
    [local, 'http://app.localhost', 'localhost:8000', undefined],
    [local, 'http://app.localhost', 'app.localhost:8000', 'true'],
  ] as const) {
    const found = await allowed(app, origin, host);
    expect([origin, host, ...found]).toEqual([origin, host, expected, expected]);
  }
  const warned = local.logLines.filter((line) => line.includes('may not use the session cookie'));
  expect(warned.map((line) => JSON.parse(line).origin)).toEqual([
    SITE,
    'http://localhost:3000',
    'http://app.localhost',
  ]);
});

it('accepts cookie mode from loopback in development only if listed or of this host', async () => {
  for (const [origin, host, code] of [
    ['http://localhost:8000', 'localhost:8000', 'UNAUTHENTICATED'],
    ['https://localhost:8000', 'localhost:8000', 'UNAUTHENTICATED'],
    ['http://127.0.0.1:8000', '127.0.0.1:8000', 'UNAUTHENTICATED'],
    [SITE, 'localhost:8000', 'UNAUTHENTICATED'],
    ['http://localhost:5174', 'localhost:8000', 'FORBIDDEN'],
    ['http://127.0.0.1:5173', '127.0.0.1:8000', 'FORBIDDEN'],
    [SITE, '127.0.0.1:8000', 'FORBIDDEN'],
    ['http://localhost', 'localhost:8000', 'FORBIDDEN'],
  ] as const) {
    const headers = { origin, host, 'gatehouse-session': 'cookie' };
    const { text } = await local.fetch('/api/v1/auth/logout', { method: 'POST', headers });
    expect([origin, host, JSON.parse(text).code]).toEqual([origin, host, code]);
  }
});
