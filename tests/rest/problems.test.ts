import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import { withoutHint } from '../support/limit-hint.ts';
import { rest } from '../support/rest.ts';

const app = useApp({ ALLOWED_HOSTS: '127.0.0.1,.example.com' });
const SECRET = 'hunter2-is-my-password';

const send = (body: string, headers: Record<string, string> = {}) =>
  app.fetch('/api/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

it('responds to errors with a problem document whose type is a page', async () => {
  const ada = new Person(app);
  const answer = await rest(app, 'POST', '/auth/login', { email: ada.email, password: SECRET });

  expect(answer.status).toBe(401);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
  expect(answer.body).toEqual({
    type: `${app.url}/problems/invalid-credentials`,
    title: 'Wrong credentials',
    status: 401,
    detail: 'Invalid credentials',
    code: 'INVALID_CREDENTIALS',
  });
  const page = await app.fetch(new URL(String(answer.body.type)).pathname);
  expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringMatching('html')]);
});

it('lists the messages of each field, also as a member of its own', async () => {
  const answer = await rest(app, 'POST', '/auth/register', { email: 'no', first_name: 5 });

  const fields = {
    password: ['This field is required.'],
    first_name: ['Not a valid string.'],
  };
  expect([answer.status, answer.body]).toEqual([
    400,
    expect.objectContaining({ code: 'BAD_USER_INPUT', errors: fields, ...fields }),
  ]);
  const list = await send('[]');
  expect(JSON.parse(list.text).non_field_errors).toEqual([
    'Invalid data. Expected a dictionary, but got list.',
  ]);
});

it('says how long to wait after a rate limit is exceeded', async () => {
  const ada = new Person(app);
  for (const _ of Array(5)) await ada.requestOtp();
  const limited = await rest(app, 'POST', '/auth/otp/request', { email: ada.email });
  expect([limited.status, withoutHint(limited.body.detail)]).toEqual([
    429,
    'Too many requests for this email',
  ]);
  expect(limited.body.retry_after).toBeGreaterThan(590);
  expect(limited.headers['retry-after']).toBe(String(limited.body.retry_after));

  for (const _ of Array(5)) await ada.verifyOtp('000000');
  const body = { email: ada.email, otp: '000000' };
  const locked = await rest(app, 'POST', '/auth/otp/verify', body, { from: ada.from });
  expect([locked.status, withoutHint(locked.body.detail)]).toEqual([
    423,
    'Too many failed attempts, account locked',
  ]);
  expect(locked.body.unlock_in).toBeGreaterThan(890);
});

it('explains a failed authentication, and asks for a bearer token', async () => {
  const bodies = [
    await rest(app, 'GET', '/auth/me'),
    await rest(app, 'PUT', '/auth/profile', {}, { token: 'not.a.token' }),
    await rest(app, 'POST', '/auth/logout', undefined, { token: 'not.a.token' }),
    await rest(app, 'POST', '/auth/logout'),
  ].map(({ status, headers, body }) => [status, headers['www-authenticate'], body.detail]);

  const bearer = 'Bearer realm="api"';
  expect(bodies).toEqual([
    [401, bearer, 'Authentication credentials were not provided.'],
    [
      401,
      bearer,
      'Given token not valid for any token type. Refresh the access token, or sign in again.',
    ],
    [
      401,
      bearer,
      'Given token not valid for any token type. Refresh the access token, or sign in again.',
    ],
    [401, bearer, 'Authentication credentials were not provided.'],
  ]);
});

it('tells a header without a bearer token from a missing one', async () => {
  for (const authorization of ['abc', 'Basic YTpi', 'Bearer <the accessToken>']) {
    const { text } = await app.fetch('/api/v1/auth/me', { headers: { authorization } });
    expect(JSON.parse(text)).toMatchObject({
      status: 401,
      detail: expect.stringContaining('token not valid'),
    });
  }
});

it('reports a failed authentication before all other errors', async () => {
  for (const path of ['/audit/logs?page=0', '/audit/logs?from_date=x']) {
    expect((await rest(app, 'GET', path)).status).toBe(401);
  }
  expect((await rest(app, 'PUT', '/auth/profile', [])).status).toBe(401);
});

it('does not report an aborted request as an outage', async () => {
  const headers = { 'content-type': 'application/json', 'content-length': '50' };
  const url = `${app.url}/api/v1/auth/login`;
  const outgoing = httpRequest(url, { method: 'POST', headers }).on('error', () => undefined);
  await new Promise((resolve) => outgoing.write('{}', resolve));
  // The server reads requests in the order in which they come.
  await rest(app, 'GET', '/auth/me');
  outgoing.destroy();
  await app.eventually(() => app.logLines.some((line) => line.includes('"code":"ABORTED"')));
  expect(
    app.logLines.filter((line) => line.includes('PostgreSQL or Redis is unavailable')),
  ).toEqual([]);
});

it('responds to a probe by HTTP/1.0 without a host', async () => {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname);
  socket.end('GET /healthz HTTP/1.0\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK/);
});

it.each([
  ['GET', '/api/v1/auth/login', 'OPTIONS, POST'],
  ['POST', '/api/v1/auth/me', 'GET, HEAD, OPTIONS'],
  ['DELETE', '/api/v1/auth/profile/', 'OPTIONS, PUT'],
  ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
])('responds to %s %s with 405 and what is allowed', async (method, path, allow) => {
  const answer = await app.fetch(path, { method });
  expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
  expect(JSON.parse(answer.text)).toMatchObject({ status: 405, code: 'BAD_REQUEST' });
  const options = await app.fetch(path, { method: 'OPTIONS' });
  expect([options.status, options.headers.allow]).toEqual([204, allow]);
});

it.each([
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['XML', { 'content-type': 'application/xml' }, 415],
  ['a body of no type', { 'content-type': '' }, 415],
  ['a body that is no JSON', {}, 400],
])('rejects %s, and echoes nothing of it', async (_, headers, status) => {
  const answer = await send(`{"email": "a@example.com", "password": "${SECRET}"`, headers);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text)).toMatchObject({ status, code: 'BAD_REQUEST' });
  expect(answer.text).not.toContain(SECRET);
});

it('rejects a body that is too large, with or without a Content-Length', async () => {
  const body = JSON.stringify({ email: 'a@example.com', password: 'x'.repeat(100_000) });
  expect((await send(body)).status).toBe(413);
  const chunked = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const url = `${app.url}/api/v1/auth/login`;
    const outgoing = httpRequest(url, { method: 'POST', headers }, (incoming) => {
      incoming.resume().on('end', () => resolve(incoming.statusCode));
    });
    outgoing.on('error', reject);
    outgoing.write(body.slice(0, 60_000));
    outgoing.end(body.slice(60_000));
  });
  expect(chunked).toBe(413);
});

it('responds 404 to an unknown route', async () => {
  const answer = await rest(app, 'GET', '/auth/nothing');
  expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
});

it.each(['/api/v1/auth/me', '/graphql?query={__typename}', '/'])(
  'serves %s under the allowed host names only',
  async (path) => {
    const statusOf = async (host: string) => (await app.fetch(path, { headers: { host } })).status;
    expect(await statusOf('evil.test')).toBe(400);
    expect(await statusOf('evil.test:80')).toBe(400);
    expect(await statusOf('auth.example.com')).not.toBe(400);
    expect(await statusOf('EXAMPLE.com:8000')).not.toBe(400);
  },
);
