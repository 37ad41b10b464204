import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { Administrator, idOf } from './support/administrator.ts';
import { newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { basic, introspect, introspectionClients, postForm, service } from './support/oauth.ts';
import { startSecondServer } from './support/second-server.ts';

const app = useApp({
  INTROSPECTION_CLIENTS: introspectionClients,
  LIMIT_REQUESTS: '30/60',
  TOKEN_CLAIMS: 'email,email_verified',
});
const inactive = { active: false };

it('returns the claims of an active access token', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const answer = await postForm(app, 'introspect', { token: accessToken }, { headers: basic() });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  expect(answer.body).toEqual({ active: true, token_type: 'Bearer', ...decodeJwt(accessToken) });
});

it('returns the current role, email and verification', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  await app.sql("update accounts set role = 'ADMIN' where email = ?", [ada.email]);
  expect(await introspect(app, accessToken)).toMatchObject({ role: 'ADMIN', email: ada.email });
});

it.each(['access_token', 'refresh_token', 'other', undefined])(
  'finds access and refresh tokens with the hint %s',
  async (hint) => {
    const { accessToken, refreshToken } = await new Person(app).signIn();
    expect(await introspect(app, accessToken, hint)).toMatchObject({ token_type: 'Bearer' });
    const { exp } = decodeJwt(refreshToken);
    const { publicUrl: iss } = app.runtime.config;
    expect(await introspect(app, refreshToken, hint)).toEqual({
      active: true,
      iss,
      client_id: 'gatehouse',
      exp,
    });
  },
);

it('shows a used refresh token as inactive without alarm, and its unused children as active', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const child = (await ada.refresh(refreshToken)).data?.refreshTokens.refreshToken ?? '';
  app.clock.advance({ seconds: 11 });
  const sibling = (await ada.refresh(refreshToken)).data?.refreshTokens.refreshToken ?? '';
  const states = async (...tokens: string[]) =>
    Promise.all(tokens.map(async (token) => (await introspect(app, token)).active));
  expect(await states(refreshToken, child, sibling)).toEqual([false, true, true]);
  const next = (await ada.refresh(child)).data?.refreshTokens.refreshToken ?? '';
  expect(await states(refreshToken, child, sibling, next)).toEqual([false, false, false, true]);
  expect((await ada.refresh(next)).code).toBeUndefined();
  await app.auditWritten();
  expect((await ada.events()).map(({ event }) => event)).not.toContain('TOKEN_REUSED');
});

it('shows tokens of ended sessions and of disabled accounts as inactive at once', async () => {
  const ada = new Person(app);
  const admin = await Administrator.create(app);
  const [ended, left] = [await ada.signIn(), await ada.signIn()];
  await ada.logout({ token: ended.accessToken });
  const states = async ({ accessToken, refreshToken }: typeof ended) => [
    (await introspect(app, accessToken)).active,
    (await introspect(app, refreshToken)).active,
  ];
  expect(await states(ended)).toEqual([false, false]);
  expect(await states(left)).toEqual([true, true]);
  await admin.disableUser(await idOf(app, ada));
  expect(await states(left)).toEqual([false, false]);
  // A session that a sign-in opened while the account was disabled.
  await app.sql('update sessions set ended_at = null where id = ?', [
    decodeJwt(left.accessToken).sid,
  ]);
  expect(await states(left)).toEqual([false, false]);
});

it('shows expired tokens as inactive', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  app.clock.advance({ seconds: 906 });
  expect(await introspect(app, accessToken)).toEqual(inactive);
  expect(await introspect(app, refreshToken)).toMatchObject({ active: true });
  app.clock.advance({ seconds: 15 * 86_400 });
  expect(await introspect(app, refreshToken)).toEqual(inactive);
});

it('shows anything else as inactive, and tells nothing about it', async () => {
  const { accessToken } = await new Person(app).signIn();
  const [header, claims = '', signature] = accessToken.split('.');
  const forged = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), role: 'ADMIN' };
  const payload = Buffer.from(JSON.stringify(forged)).toString('base64url');
  for (const token of [
    ...['a.b.c', 'gk_abcdefgh', '\0', 'é'.repeat(1000), 'x'.repeat(90_000)],
    [header, payload, signature].join('.'),
    `${accessToken}x`,
  ]) {
    expect(await introspect(app, token)).toEqual(inactive);
  }
});

const wrong = { ...service, secret: `${service.secret}x` };

it.each([
  ['no credentials', {}],
  ['a wrong secret', basic(wrong)],
  ['an unknown client', basic({ ...service, id: 'other' })],
  ['a bearer token', { authorization: 'Bearer a.b.c' }],
  ['a secret that is not form-encoded', { authorization: `Basic ${btoa('orders-api:%zz')}` }],
  ['no colon', { authorization: `Basic ${btoa('orders-api')}` }],
  ['the hash as secret', basic({ ...service, secret: introspectionClients.slice(-64) })],
  ['no base64', { authorization: 'Basic ***' }],
])('rejects %s before it reads the form', async (_what, headers: Record<string, string>) => {
  const answer = await postForm(app, 'introspect', 'a=1&a=2', { headers, from: newClient() });
  expect([answer.status, answer.body]).toEqual([
    401,
    { error: 'invalid_client', error_description: expect.any(String) },
  ]);
  expect(answer.headers['www-authenticate']).toBe('Basic realm="oauth", charset="UTF-8"');
});

it('rejects a missing token, a repeated parameter and another content type', async () => {
  const post = (form: string, type = 'application/x-www-form-urlencoded') =>
    postForm(app, 'introspect', form, { headers: { ...basic(), 'content-type': type } });
  expect((await post('')).body.error).toBe('invalid_request');
  expect((await post('token=a&token=b')).status).toBe(400);
  expect((await post('{"token":"a"}', 'application/json')).status).toBe(415);
});

it('exempts a client with the right secret from the limit of all requests, and no other', async () => {
  const from = newClient();
  const ask = (headers: Record<string, string>) =>
    postForm(app, 'introspect', { token: 'a.b.c' }, { headers, from });
  for (const _ of Array(40)) expect((await ask(basic())).status).toBe(200);
  for (const _ of Array(30)) expect((await ask(basic(wrong))).status).toBe(401);
  const limited = await ask(basic(wrong));
  expect([limited.status, limited.body.error]).toEqual([429, 'temporarily_unavailable']);
  expect((await ask(basic())).status).toBe(200);
});

it('is closed without INTROSPECTION_CLIENTS', async () => {
  const server = await startSecondServer(app, { introspectionClients: [] });
  const answer = await postForm(server, 'introspect', { token: 'a' }, { headers: basic() });
  expect(answer.status).toBe(401);
});
