import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { postForm } from './support/oauth.ts';
import { sendRaw } from './support/raw-request.ts';

const app = useApp({ LIMIT_REFRESH: '12/600' });

const refresh = (refreshToken: string, more: Record<string, string> = {}, from?: string) =>
  postForm(
    app,
    'token',
    { grant_type: 'refresh_token', refresh_token: refreshToken, ...more },
    from ? { from } : {},
  );

it('refreshes tokens like refreshTokens, and takes the client_id of the tokens', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const { status, headers, body } = await refresh(refreshToken);
  expect([status, body]).toEqual([
    200,
    {
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
    },
  ]);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
  expect((await ada.me(String(body.access_token))).data?.me.email).toBe(ada.email);
  const again = await refresh(String(body.refresh_token), { client_id: 'gatehouse', scope: '' });
  expect(again.status).toBe(200);
  await app.auditWritten();
  const events = (await ada.events()).map(({ event }) => event);
  expect(events.filter((event) => event === 'TOKEN_REFRESHED')).toHaveLength(2);
});

it('ends the session when a used refresh token comes back', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const child = String((await refresh(refreshToken)).body.refresh_token);
  const grandchild = (await refresh(child)).body;
  const reused = await refresh(refreshToken);
  expect([reused.status, reused.body]).toEqual([
    400,
    { error: 'invalid_grant', error_description: 'The refresh token is not valid' },
  ]);
  expect((await refresh(String(grandchild.refresh_token))).body.error).toBe('invalid_grant');
  await app.eventually(async () =>
    (await ada.events()).some(({ event }) => event === 'TOKEN_REUSED'),
  );
});

it('shares its limit with refreshTokens, and tells the time to wait', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  let answer = await refresh(refreshToken, {}, ada.from);
  while (answer.status === 200) answer = await refresh(refreshToken, {}, ada.from);
  expect([answer.status, answer.body.error]).toEqual([429, 'temporarily_unavailable']);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answer.headers['ratelimit-policy']).toContain('"refreshes";q=12;w=600');
  expect((await ada.refresh(refreshToken)).code).toBe('RATE_LIMITED');
});

const form = 'grant_type=refresh_token&refresh_token=a.b.c';

it.each([
  ['a missing grant type', 'refresh_token=a.b.c', 'invalid_request'],
  ['another grant type', 'grant_type=password&username=a&password=b', 'unsupported_grant_type'],
  ['a missing refresh token', 'grant_type=refresh_token', 'invalid_request'],
  ['an empty refresh token', 'grant_type=refresh_token&refresh_token=', 'invalid_request'],
  ['an invalid refresh token', form, 'invalid_grant'],
  ['a long refresh token', `${form}${'x'.repeat(5000)}`, 'invalid_grant'],
  ['another client', `${form}&client_id=other`, 'invalid_client'],
  ['a client with a secret', `${form}&client_id=gatehouse&client_secret=x`, 'invalid_client'],
  ['a scope', `${form}&scope=admin`, 'invalid_scope'],
  ['a repeated parameter', `${form}&refresh_token=d.e.f`, 'invalid_request'],
  ['a repeated unknown parameter', `${form}&a=1&a=`, 'invalid_request'],
  ['no parameters', '', 'invalid_request'],
])('rejects %s', async (_what, text, error) => {
  const { status, headers, body } = await postForm(app, 'token', text, { from: newClient() });
  expect([status, body]).toEqual([400, { error, error_description: expect.any(String) }]);
  expect(headers['cache-control']).toBe('no-store');
  expect(String(body.error_description)).toMatch(/^[ !#-[\]-~]+$/);
});

it.each([
  ...['application/json', 'multipart/form-data; boundary=x', 'text/plain', ''],
  'application/x-www-form-urlencoded; charset=utf-16',
])('rejects the content type "%s"', async (type) => {
  const headers = { 'content-type': type };
  const { status, body } = await postForm(app, 'token', form, { headers, from: newClient() });
  expect([status, body]).toEqual([
    415,
    { error: 'invalid_request', error_description: expect.any(String) },
  ]);
});

it.each([
  'Content-Type: text/plain',
  'Content-Encoding: gzip',
  'Expect: 200-ok',
  'Content-Type: application/x-www-form-urlencoded; charset=latin1',
])('responds to %s with an OAuth error, before the body is read', async (header) => {
  const about = ['Host: localhost', 'Connection: close', `Content-Length: ${form.length}`];
  const { status, headers, body } = await sendRaw(
    app,
    ...['POST /oauth/token HTTP/1.1', ...about, header, '', form],
  );
  expect([415, 417]).toContain(status);
  expect(headers['content-type']).toBe('application/json');
  expect(JSON.parse(body)).toEqual({
    error: 'invalid_request',
    error_description: expect.any(String),
  });
});

it('rejects invalid UTF-8, large bodies and other methods, each with a JSON error', async () => {
  const from = newClient();
  const invalid = await app.fetch('/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from([0x61, 0x3d, 0xff]),
    from,
  });
  expect([invalid.status, JSON.parse(invalid.text).error]).toEqual([400, 'invalid_request']);
  const large = await postForm(app, 'token', `${form}&x=${'x'.repeat(100_001)}`, { from });
  expect([large.status, large.body.error]).toEqual([413, 'invalid_request']);
  const get = await app.fetch('/oauth/token?grant_type=refresh_token', { from });
  expect([get.status, get.headers.allow]).toEqual([405, 'OPTIONS, POST']);
});

it('rejects a client that authenticates with a secret in the header', async () => {
  const headers = { authorization: `Basic ${btoa('gatehouse:secret')}` };
  const { status, headers: given, body } = await postForm(app, 'token', form, { headers });
  expect([status, body.error]).toEqual([401, 'invalid_client']);
  expect(given['www-authenticate']).toMatch(/^Basic realm=/);
});

it('ignores cookies, and a bearer token', async () => {
  const ada = new Person(app);
  const { refreshToken, accessToken } = await ada.signIn();
  const headers = {
    cookie: `__Host-gatehouse=${refreshToken}`,
    'gatehouse-session': 'cookie',
    authorization: `Bearer ${accessToken}x`,
  };
  const without = await postForm(app, 'token', 'grant_type=refresh_token', { headers });
  expect([without.status, without.body.error]).toEqual([400, 'invalid_request']);
  const given = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const answer = await postForm(app, 'token', given, { headers });
  expect([answer.status, typeof answer.body.refresh_token]).toEqual([200, 'string']);
  expect(answer.headers['set-cookie']).toBeUndefined();
});
