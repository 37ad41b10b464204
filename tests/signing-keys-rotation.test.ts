import { createPrivateKey, sign } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeEach, expect, it } from 'vitest';
import { createSealer } from '#src/adapters/jwe-sealer.ts';
import { replaceKeys } from '#src/signing-keys/add-key.ts';
import { currentKeyAt } from '#src/signing-keys/current-key.ts';
import { openPrivateKey } from '#src/signing-keys/private-key.ts';
import { deleteRetiredKeys, rotateDueKey, rotateKey } from '#src/signing-keys/rotate-keys.ts';
import { type TestApp, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { startSecondServer } from './support/second-server.ts';

const app = useApp();
const sealer = createSealer('signing-key', 'secret of the tests');
const em = () => app.runtime.orm.em.fork();

// One key alone: whatever waited signs, and whatever signed before it is forgotten.
beforeEach(() => app.clock.advance({ seconds: 3000 }));

const DAYS = (count: number) => ({ seconds: count * 24 * 60 * 60 });
const services = () => ({ em: em(), sealer, clock: app.clock });
const rotate = () => rotateKey(services());
const keyOf = (token: string) => decodeProtectedHeader(token).kid;

const published = async (server: TestApp): Promise<string[]> => {
  const { keys } = JSON.parse((await server.fetch('/.well-known/jwks.json')).text);
  return keys.map(({ kid }: { kid: string }) => kid);
};

/** Returns the same user at another server, with the same tokens. */
const at = (server: TestApp, { email, from }: Person) => new Person(server, email, from);

it('publishes a key on every server for 300 s before any of them signs with it', async () => {
  const there = await startSecondServer(app);
  const ada = new Person(app);
  const first = await ada.signIn();
  const { key } = await rotate();

  expect(await published(app)).toEqual([keyOf(first.accessToken), key.kid]);
  expect(await published(there)).toEqual(await published(app));
  app.clock.advance({ seconds: 298 });
  const second = (await at(there, ada).refresh(first.refreshToken)).data?.refreshTokens;
  expect(keyOf(second?.accessToken ?? '')).toBe(keyOf(first.accessToken));

  app.clock.advance({ seconds: 2 });
  const third = (await at(there, ada).refresh(second?.refreshToken ?? '')).data?.refreshTokens;
  expect(keyOf(third?.accessToken ?? '')).toBe(key.kid);
  expect(keyOf((await new Person(app).signIn()).accessToken)).toBe(key.kid);
});

it('accepts tokens of a new key on a server that has not loaded it yet', async () => {
  const there = await startSecondServer(app);
  const ada = new Person(app);
  await rotate();
  app.clock.advance({ seconds: 300 });

  const { accessToken } = await ada.signIn();
  expect((await at(there, ada).me(accessToken)).data?.me.email).toBe(ada.email);
});

it('accepts tokens of the former key until the last one expires, and none later', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const { kid, sealedPrivateJwk } = await currentKeyAt(em(), app.clock.now());
  await rotate();
  app.clock.advance({ seconds: 299 });
  const last = (await ada.refresh(first.refreshToken)).data?.refreshTokens;
  expect(keyOf(last?.accessToken ?? '')).toBe(kid);

  app.clock.advance({ seconds: 890 });
  expect((await ada.me(last?.accessToken ?? '')).code).toBeUndefined();
  expect(await published(app)).toContain(kid);

  app.clock.advance({ seconds: 20 });
  // A thief of the key could still sign with it.
  const stolen = openPrivateKey(sealer, { kid, sealedPrivateJwk });
  const forged = signedAnew(first.accessToken, stolen, app.clock.now());
  expect((await ada.me(forged)).code).toBe('UNAUTHENTICATED');
  expect(await published(app)).not.toContain(kid);
});

/** The token with the times of this moment, under a private key. */
function signedAnew(token: string, jwk: object, now: Date): string {
  const iat = Math.floor(now.getTime() / 1000);
  const claims = { ...decodeJwt(token), iat, exp: iat + 900 };
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const input = `${token.split('.')[0]}.${body}`;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  return `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`;
}

it('creates one next key for concurrent rotations', async () => {
  const before = await published(app);
  const made = await Promise.all(Array.from({ length: 8 }, rotate));

  expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(new Set(made.map(({ key }) => key.kid)).size).toBe(1);
  expect(await published(app)).toHaveLength(before.length + 1);
});

it('rotates automatically after the configured days, once', async () => {
  const due = (keyRotationDays: number) =>
    Promise.all([1, 2, 3].map(() => rotateDueKey(services(), { keyRotationDays })));
  await replaceKeys(services());
  app.clock.advance(DAYS(89));
  expect((await due(90)).filter(Boolean)).toEqual([]);

  app.clock.advance(DAYS(1));
  expect((await due(0)).filter(Boolean)).toEqual([]);
  const [kid] = (await due(90)).filter(Boolean);
  expect((await due(90)).filter(Boolean)).toEqual([]);
  app.clock.advance({ seconds: 300 });
  expect(keyOf((await new Person(app).signIn()).accessToken)).toBe(kid);
});

it('rejects access tokens of a dropped key immediately on every server, and keeps refresh tokens valid', async () => {
  const there = await startSecondServer(app);
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  await rotate();
  expect((await at(there, ada).me(accessToken)).code).toBeUndefined();
  const { kid } = await replaceKeys(services());

  for (const server of [app, there]) {
    expect((await at(server, ada).me(accessToken)).code).toBe('UNAUTHENTICATED');
    expect(await published(server)).toEqual([kid]);
  }
  const fresh = (await at(there, ada).refresh(refreshToken)).data?.refreshTokens.accessToken ?? '';
  expect(keyOf(fresh)).toBe(kid);
  expect((await ada.me(fresh)).code).toBeUndefined();
});

it('deletes private keys one day after their last use, and keys after two days', async () => {
  const secrets = () =>
    app.sql<{ kid: string; secret: boolean }>(
      'select kid, sealed_private_jwk is not null as secret from signing_keys order by signs_from',
    );
  const compromised = await currentKeyAt(em(), app.clock.now());
  const { kid: second } = await replaceKeys(services());
  expect(await secrets()).toContainEqual({ kid: compromised.kid, secret: false });

  const { key } = await rotate();
  app.clock.advance({ seconds: 1206 });
  await deleteRetiredKeys(em(), app.clock.now());
  expect(await secrets()).toContainEqual({ kid: second, secret: true });
  app.clock.advance(DAYS(1));
  await deleteRetiredKeys(em(), app.clock.now());
  expect(await secrets()).toContainEqual({ kid: second, secret: false });

  app.clock.advance(DAYS(1));
  await deleteRetiredKeys(em(), app.clock.now());
  expect(await secrets()).toEqual([{ kid: key.kid, secret: true }]);
});

it('signs with the next key even if the clock of the server is slow', async () => {
  const ahead = new Date(app.clock.now().getTime() + 30_000);
  const { kid } = await replaceKeys({ ...services(), clock: { now: () => ahead } });

  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  expect(keyOf(accessToken)).toBe(kid);
  expect((await ada.me(accessToken)).code).toBeUndefined();
});
