import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createVerifier, type Verifier } from '../../client/src/server.ts';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';

const issuer = 'https://auth.example.com';
const app = useApp({ TOKEN_ISSUER: issuer });

let person: Person;
let token = '';
let refreshToken = '';
let auth: Verifier;
beforeAll(async () => {
  person = new Person(app);
  const tokens = await person.signIn();
  token = tokens.accessToken;
  refreshToken = tokens.refreshToken;
  auth = createVerifier(options());
});

const options = () => ({ url: app.url, issuer, audience: String(decodeJwt(token).aud) });
const bearer = (value: string) => ({ headers: { authorization: `Bearer ${value}` } });

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('returns the claims of a valid access token, with one request for the keys', async () => {
  let requests = 0;
  const url = await listen((_request, response) => {
    requests += 1;
    void app.fetch('/.well-known/jwks.json').then(({ text }) => response.end(text));
  });
  const { verifyAccessToken } = createVerifier({ ...options(), url });
  const results = await Promise.all(Array.from({ length: 5 }, () => verifyAccessToken(token)));
  const { id } = (await person.me(token)).data?.me ?? {};
  for (const { data } of results) expect(data).toMatchObject({ sub: id, role: 'USER' });
  expect(requests).toBe(1);
});

it('rejects expired, foreign, unsigned and modified tokens, and refresh tokens', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const claims = decodeJwt(token);
  const foreign = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: (await exportJWK(publicKey)).x ?? '' })
    .sign(privateKey);
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [header, , signature] = token.split('.');
  const bad = [
    foreign,
    refreshToken,
    `${encoded({ alg: 'none', typ: 'at+jwt' })}.${encoded(claims)}.`,
    `${header}.${encoded({ ...claims, role: 'ADMIN' })}.${signature}`,
    'not a token',
  ];
  for (const each of bad) {
    expect((await auth.verifyAccessToken(each)).error?.code).toBe('UNAUTHENTICATED');
  }
  for (const other of [{ issuer: 'https://other.example' }, { audience: 'other' }]) {
    const verifier = createVerifier({ ...options(), ...other });
    expect((await verifier.verifyAccessToken(token)).error?.code).toBe('UNAUTHENTICATED');
  }
});

it('returns UNAVAILABLE, not UNAUTHENTICATED, if the keys cannot be fetched', async () => {
  const page = await listen((_request, response) => void response.writeHead(502).end('<h1>'));
  for (const url of [page, 'http://127.0.0.1:1']) {
    const verifier = createVerifier({ ...options(), url });
    expect((await verifier.verifyAccessToken(token)).error?.code).toBe('UNAVAILABLE');
    const response = await verifier.next(() => new Response())(
      new Request('http://api.example', bearer(token)),
      undefined,
    );
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  }
});

/** Serves one request behind the guard of a framework, and returns the response. */
const frameworks: Record<
  string,
  (role: 'ADMIN' | undefined, init: RequestInit) => Promise<Response>
> = {
  async express(role, init) {
    const guard = auth.express(role ? { role } : {});
    const url = await listen((request, response) => {
      void guard(request, response, () => response.end(auth.claimsOf(request).sub));
    });
    return fetch(url, init);
  },
  async hono(role, init) {
    const api = new Hono();
    api.use(auth.hono(role ? { role } : {}));
    api.get('/', (c) => c.text(auth.claimsOf(c.req.raw).sub));
    return api.request('/', init);
  },
  async next(role, init) {
    const handler = auth.next((_request, { sub }) => new Response(sub), role ? { role } : {});
    return handler(new Request('http://api.example/', init), { params: {} });
  },
};

describe.each(Object.keys(frameworks))('a guard of %s', (name) => {
  const ask = (role: 'ADMIN' | undefined, init: RequestInit = {}) => {
    const serve = frameworks[name];
    if (!serve) throw new Error(name);
    return serve(role, init);
  };

  it('passes a valid token, and refuses others with a challenge', async () => {
    expect(await (await ask(undefined, bearer(token))).text()).toBe(decodeJwt(token).sub);
    const missing = await ask(undefined);
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const invalid = await ask(undefined, bearer(`${token}x`));
    expect(invalid.status).toBe(401);
    expect(invalid.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(invalid.headers.get('content-type')).toBe('application/problem+json');
    expect(await invalid.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it('refuses an account without the role', async () => {
    expect((await ask('ADMIN', bearer(token))).status).toBe(403);
  });
});

it('has no claims of a request that no guard has verified', () => {
  expect(() => auth.claimsOf(new Request('http://api.example'))).toThrow(/No guard/);
});
