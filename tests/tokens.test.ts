import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { currentKeyAt } from '#src/signing-keys/current-key.ts';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const parse = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

/** Forgeries of a genuine access token, by the attacks of RFC 8725 §2. */
async function forgeries(token: string): Promise<Record<string, string>> {
  const [head, body, signature] = token.split('.');
  const [header, claims] = [parse(head), parse(body)];
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const foreign = publicKey.export({ format: 'jwk' });
  const [published] = JSON.parse((await app.fetch('/.well-known/jwks.json')).text).keys;
  const signed = (extra: object) => {
    const input = `${encode({ ...header, ...extra })}.${body}`;
    return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const hmac = (key: string) => {
    const input = `${encode({ ...header, alg: 'HS256' })}.${body}`;
    return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  };
  return {
    'no algorithm': `${encode({ ...header, alg: 'none' })}.${body}.`,
    'no algorithm, oddly spelt': `${encode({ ...header, alg: 'nOnE' })}.${body}.`,
    'no signature': `${head}.${body}.`,
    'other claims': `${head}.${encode({ ...claims, role: 'ADMIN' })}.${signature}`,
    'a foreign key': signed({}),
    'a foreign kid': signed({ kid: 'foreign' }),
    'an embedded jwk': signed({ jwk: foreign, kid: undefined }),
    'a jku': signed({ jku: 'http://127.0.0.1:9/jwks.json' }),
    'HS256 with the public key': hmac(published.x),
    'HS256 with the public JWK': hmac(JSON.stringify(published)),
    'HS256 with an empty key': hmac(''),
    'another type': signed({ typ: 'JWT' }),
  };
}

it('rejects every forged access token', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  for (const [attack, token] of Object.entries(await forgeries(accessToken))) {
    expect([attack, (await ada.me(token)).code]).toEqual([attack, 'UNAUTHENTICATED']);
  }
  expect((await ada.me(accessToken)).code).toBeUndefined();
});

it('rejects every forged refresh token, and ends no session', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  for (const [attack, token] of Object.entries(await forgeries(refreshToken))) {
    expect([attack, (await ada.refresh(token)).code]).toEqual([attack, 'INVALID_TOKEN']);
  }
  expect((await ada.refresh(refreshToken)).code).toBeUndefined();
});

it('accepts no refresh token as an access token, and vice versa', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  expect((await ada.me(refreshToken)).code).toBe('UNAUTHENTICATED');
  expect((await ada.refresh(accessToken)).code).toBe('INVALID_TOKEN');
});

it('rejects genuine tokens of another issuer or audience, or of the future', async () => {
  const { tokens, clock } = app.runtime;
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const { sub, sid } = parse(accessToken.split('.')[1]);
  const grant = {
    ...{ accountId: sub, sessionId: sid, email: ada.email, emailVerified: true, role: 'USER' },
    ...{ authTime: clock.now(), amr: ['otp'] as const },
  };
  const later = new Date(clock.now().getTime() + 60_000);

  const key = await currentKeyAt(app.runtime.orm.em.fork(), clock.now());

  expect((await ada.me(tokens.signAccess(key, grant, clock.now()))).code).toBeUndefined();
  expect((await ada.me(tokens.signAccess(key, grant, later))).code).toBe('UNAUTHENTICATED');
});
