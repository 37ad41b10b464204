import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import fastifyJwt from '@fastify/jwt';
import express, { type NextFunction, type Request, type Response } from 'express';
import { expressjwt } from 'express-jwt';
import { auth } from 'express-oauth2-jwt-bearer';
import fastify from 'fastify';
import buildGetJwks from 'get-jwks';
import { Hono } from 'hono';
import { jwk } from 'hono/jwk';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import jwksRsa from 'jwks-rsa';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createVerifier } from '../../client/src/server.ts';
import { codeIn } from '../support/code-in-mail.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

let mails: MailServer;
let installation: Installation;
let issuer = '';
let jwksUri = '';

beforeAll(async () => {
  mails = await startMailServer();
  installation = await startInstallation({ servers: 1, workers: 1, smtpUrl: mails.url });
  issuer = installation.servers[0]?.url ?? '';
  jwksUri = `${issuer}/.well-known/jwks.json`;
});

afterAll(async () => {
  await Promise.all([installation.close(), mails.close()]);
});

/** Changes the algorithm at once, as an operator would. */
async function changeAlgorithm(alg: Algorithm): Promise<void> {
  const script = resolve(import.meta.dirname, '../../src/cli/main.ts');
  const words = ['keys', 'rotate', '--compromised', '--alg', alg];
  const env = { ...installation.variables };
  const child = spawn(process.execPath, [script, ...words], { env, stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([0, null]);
}

async function post(path: string, body: object): Promise<{ access: string }> {
  const headers = { 'content-type': 'application/json' };
  const url = `${issuer}/api/v1/auth${path}`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as { access: string };
}

async function accessToken(alg: Algorithm): Promise<string> {
  await changeAlgorithm(alg);
  const email = `${alg.toLowerCase()}@example.com`;
  await post('/otp/request', { email });
  const mailed = () => codeIn(mails.received.find(({ to }) => to === email)?.raw);
  const otp = await vi.waitUntil(mailed, { timeout: 10_000 });
  const { access } = await post('/otp/verify', { email, otp });
  expect(decodeProtectedHeader(access).alg).toBe(alg);
  return access;
}

/** Serves one request with the token, and returns its status. */
async function statusOf(listener: RequestListener, token: string): Promise<number> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    return response.status;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function expressStatus(guard: express.RequestHandler, token: string): Promise<number> {
  const app = express();
  app.get('/', guard, (_request, response) => void response.sendStatus(200));
  app.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response.sendStatus(401);
  });
  return statusOf(app, token);
}

/** Verifiers of signature, issuer, audience and time. Each returns false if it refuses a token. */
const libraries: Record<string, (token: string, alg: Algorithm) => Promise<boolean>> = {
  async jose(token, alg) {
    const keys = createRemoteJWKSet(new URL(jwksUri));
    const options = { issuer, audience: issuer, typ: 'at+jwt', algorithms: [alg] };
    return jwtVerify(token, keys, options).then(
      () => true,
      () => false,
    );
  },

  async 'jsonwebtoken + jwks-rsa'(token, alg) {
    try {
      const { kid } = decodeProtectedHeader(token);
      const key = await jwksRsa({ jwksUri }).getSigningKey(kid);
      const algorithms = [alg as jsonwebtoken.Algorithm];
      jsonwebtoken.verify(token, key.getPublicKey(), { algorithms, issuer, audience: issuer });
      return true;
    } catch {
      return false;
    }
  },

  async 'express-jwt + jwks-rsa'(token, alg) {
    const secret = jwksRsa.expressJwtSecret({ jwksUri }) as never;
    const algorithms = [alg as jsonwebtoken.Algorithm];
    const guard = expressjwt({ secret, algorithms, issuer, audience: issuer });
    return (await expressStatus(guard as never, token)) === 200;
  },

  async 'express-oauth2-jwt-bearer'(token, alg) {
    const guard = auth({ issuer, jwksUri, audience: issuer, tokenSigningAlg: alg, strict: true });
    return (await expressStatus(guard, token)) === 200;
  },

  async '@fastify/jwt + get-jwks'(token, alg) {
    const jwks = buildGetJwks();
    const server = fastify();
    await server.register(fastifyJwt, {
      decode: { complete: true },
      // This is the usage that get-jwks documents. The types of @fastify/jwt know callbacks only.
      secret: (async (_request: unknown, token: { header: { kid: string } }) =>
        jwks.getPublicKey({ domain: issuer, alg, kid: token.header.kid })) as unknown as string,
      verify: { allowedIss: issuer, allowedAud: issuer, algorithms: [alg] },
    });
    server.get('/', { onRequest: (request) => request.jwtVerify() }, () => 'ok');
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode } = await server.inject({ url: '/', headers });
    await server.close();
    return statusCode === 200;
  },

  async '@gatehouse/client with Express'(token) {
    return (await expressStatus(createVerifier({ url: issuer }).express(), token)) === 200;
  },

  async '@gatehouse/client with Fastify'(token) {
    const verifier = createVerifier({ url: issuer });
    const server = fastify();
    server.addHook('onRequest', verifier.fastify());
    server.get('/', (request) => verifier.claimsOf(request).sub);
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode } = await server.inject({ url: '/', headers });
    await server.close();
    return statusCode === 200;
  },

  async '@gatehouse/client with Hono'(token) {
    const verifier = createVerifier({ url: issuer });
    const app = new Hono();
    app.use(verifier.hono());
    app.get('/', (c) => c.text(verifier.claimsOf(c.req.raw).sub));
    const headers = { authorization: `Bearer ${token}` };
    return (await app.request('/', { headers })).status === 200;
  },

  async 'hono/jwk'(token, alg) {
    const app = new Hono();
    app.use(
      jwk({
        jwks_uri: jwksUri,
        alg: [alg],
        verification: { typ: 'at+jwt', iss: issuer, aud: issuer },
      }),
    );
    app.get('/', (c) => c.text('ok'));
    const headers = { authorization: `Bearer ${token}` };
    return (await app.request('/', { headers })).status === 200;
  },

  async oauth4webapi(token, alg) {
    const headers = { authorization: `Bearer ${token}` };
    const request = new globalThis.Request('http://api.example.com/', { headers });
    const options = { [oauth.allowInsecureRequests]: true, signingAlgorithms: [alg] };
    return oauth
      .validateJwtAccessToken({ issuer, jwks_uri: jwksUri }, request, issuer, options)
      .then(
        () => true,
        () => false,
      );
  },
};

/** Libraries without EdDSA, as docs/guide/verify-tokens.md says. */
const withoutEdDSA = new Set([
  'jsonwebtoken + jwks-rsa',
  'express-jwt + jwks-rsa',
  '@fastify/jwt + get-jwks',
]);

describe.each<Algorithm>(['ES256', 'RS256', 'EdDSA'])('an access token signed with %s', (alg) => {
  let token = '';
  beforeAll(async () => {
    token = await accessToken(alg);
  });

  it.each(Object.entries(libraries))(
    'is accepted by %s, and a modified one is rejected',
    async (name, verify) => {
      expect(await verify(token, alg)).toBe(alg !== 'EdDSA' || !withoutEdDSA.has(name));
      const [header, , signature] = token.split('.');
      const claims = Buffer.from(JSON.stringify({ iss: issuer, aud: issuer, role: 'ADMIN' }));
      const forged = `${header}.${claims.toString('base64url')}.${signature}`;
      expect(await verify(forged, alg)).toBe(false);
    },
  );
});
