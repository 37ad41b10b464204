import { expect, it } from 'vitest';
import { idOf } from './support/administrator.ts';
import { newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import type { RequestOptions } from './support/request.ts';

const app = useApp({
  ALLOWED_HOSTS: 'auth.example.com',
  TRUST_PROXY: '127.0.0.1',
  LIMIT_REQUESTS: '20/60',
});

const HOST = { host: 'auth.example.com' };

const verify = (token: string | undefined, { headers, ...more }: RequestOptions = {}, path = '') =>
  app.fetch(`/oauth/verify${path}`, {
    headers: { ...HOST, ...(token && { authorization: `Bearer ${token}` }), ...headers },
    ...more,
  });

/** Signs in through the trusted proxy. */
async function signIn() {
  const ada = new Person(proxied);
  return { ada, ...(await ada.signIn()) };
}
const proxied = Object.assign(Object.create(app), {
  fetch: (path: string, { headers, from, ...more }: RequestOptions = {}) =>
    app.fetch(path, { ...more, headers: { ...HOST, 'x-forwarded-for': from ?? '', ...headers } }),
});

it('responds 204 with account and role to a valid token, and 200 for Envoy', async () => {
  const { ada, accessToken } = await signIn();
  const { status, headers, text } = await verify(accessToken);
  expect([status, text]).toEqual([204, '']);
  const identity = { 'x-auth-user': await idOf(app, ada), 'x-auth-role': 'USER' };
  expect(headers).toMatchObject({
    ...identity,
    'cache-control': 'no-store',
    vary: 'authorization',
  });
  for (const path of ['/envoy', '/envoy/', '/envoy/orders/7?a=%2e']) {
    const answer = await verify(accessToken, {}, path);
    expect([answer.status, answer.headers['x-auth-user']]).toEqual([200, identity['x-auth-user']]);
  }
});

it('responds 401 to anything else, with the challenge of RFC 6750', async () => {
  const { ada, accessToken, refreshToken } = await signIn();
  await ada.logout({ token: accessToken });
  for (const token of [accessToken, refreshToken, 'a.b.c', 'gk_x']) {
    const { status, headers } = await verify(token);
    expect([status, headers['www-authenticate'], headers['x-auth-user']]).toEqual([
      401,
      'Bearer realm="api", error="invalid_token"',
      undefined,
    ]);
  }
  const { status, headers } = await verify(undefined, { headers: { 'x-auth-user': 'admin' } });
  expect([status, headers['www-authenticate'], headers['x-auth-user']]).toEqual([
    401,
    'Bearer realm="api"',
    undefined,
  ]);
});

it.each(['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  'responds to %s as to GET, because proxies may keep the method of the client',
  async (method) => {
    const { accessToken } = await signIn();
    for (const path of ['', '/envoy/orders']) {
      expect((await verify(undefined, { method }, path)).status).toBe(401);
      expect((await verify(accessToken, { method }, path)).headers['x-auth-role']).toBe('USER');
    }
  },
);

it('lets no unknown method and no unknown path pass', async () => {
  const { accessToken } = await signIn();
  expect((await verify(accessToken, { method: 'PROPFIND' })).status).toBe(405);
  expect((await verify(accessToken, {}, '/other')).status).toBe(404);
});

it('exempts trusted proxies from the limit of all requests, and from ALLOWED_HOSTS', async () => {
  const headers = { 'x-forwarded-for': newClient(), host: 'shop.example.com' };
  for (const _ of Array(25)) expect((await verify(undefined, { headers })).status).toBe(401);
  const from = newClient();
  expect((await verify(undefined, { from, headers })).status).toBe(400);
  for (const _ of Array(20)) expect((await verify(undefined, { from })).status).toBe(401);
  expect((await verify(undefined, { from })).status).toBe(429);
});
