import { expect, it } from 'vitest';
import { idOf } from './support/administrator.ts';
import { newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { get, sendRaw } from './support/raw-request.ts';
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

it('responds 204 with account and role to a valid token', async () => {
  const { ada, accessToken } = await signIn();
  const { status, headers, text } = await verify(accessToken);
  expect([status, text]).toEqual([204, '']);
  const identity = { 'x-auth-user': await idOf(app, ada), 'x-auth-role': 'USER' };
  expect(headers).toMatchObject({
    ...identity,
    'cache-control': 'no-store',
    vary: 'authorization',
  });
});

it('ignores the target that Envoy appends, and what a proxy forwards about a body', async () => {
  const { accessToken } = await signIn();
  const about = ['Content-Encoding: br', 'Content-Type: text/plain; charset=utf-16'];
  const ask = async (path: string, token: string, ...more: string[]) => {
    const headers = [`Host: ${HOST.host}`, 'Connection: close', `Authorization: Bearer ${token}`];
    const lines = get(`/oauth/verify${path}`, ...headers, ...about, ...more);
    const { status, headers: given } = await sendRaw(app, ...lines);
    return [path, status, given['x-auth-role']];
  };
  const targets = [
    '',
    '/',
    '/orders/7?a=%2e',
    '/../..',
    '/%2e%2e/%2e%2e/%2e%2e/healthz',
    '//healthz',
  ];
  const odd = ['/%41', '/{id}|', '/a\\b', '?/../../healthz', '/%', '/%00', '/a#b'];
  for (const path of [...targets, ...odd].map((target) => `/envoy${target}`)) {
    expect(await ask(path, accessToken)).toEqual([path, 200, 'user']);
    expect(await ask(path, 'a.b.c')).toEqual([path, 401, undefined]);
  }
  expect(await ask('', accessToken)).toEqual(['', 204, 'user']);
  expect(await ask('', accessToken, 'Content-Length: 5')).toEqual(['', 415, undefined]);
  for (const path of ['/envoyage', '/envoy%2f', '/envoy\\a', '/../verify/envoy', '/./envoy']) {
    expect((await ask(path, accessToken))[1]).toBeOneOf([400, 404]);
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
