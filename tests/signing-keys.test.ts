import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { decodeProtectedHeader } from 'jose';
import { beforeEach, expect, it, vi } from 'vitest';
import { createSealer } from '#src/adapters/jwe-sealer.ts';
import { readConfig } from '#src/config/load-config.ts';
import { openRuntime, type Runtime } from '#src/services.ts';
import { currentKeyAt } from '#src/signing-keys/current-key.ts';
import { ensureSigningKey } from '#src/signing-keys/ensure-signing-key.ts';
import { KeyStore } from '#src/signing-keys/key-store.ts';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { grant, subject } from './support/signing.ts';

const app = useApp();
const sealer = createSealer('signing-key', 'secret of the tests');

beforeEach(async () => {
  await app.sql('delete from signing_keys');
  await ensureSigningKey({ em: app.runtime.orm.em.fork(), sealer, clock: app.clock });
});

async function withRuntimes<T>(
  variables: Record<string, string>,
  count: number,
  work: (runtimes: Runtime[]) => Promise<T>,
): Promise<T> {
  const { databaseUrl, redisUrl } = app.runtime.config;
  const given = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, LOG_LEVEL: 'silent' };
  const config = readConfig({ ...given, ...variables }, 'development');
  const runtimes = await Promise.all(Array.from({ length: count }, () => openRuntime(config)));
  try {
    return await work(runtimes);
  } finally {
    await Promise.all(runtimes.map((runtime) => runtime.close()));
  }
}

const same = { SECRET_KEY: 'secret of the tests' };

const jwksOf = (runtimes: Runtime[]) =>
  Promise.all(runtimes.map(({ keys }) => keys.jwks(new Date())));

it('creates one key pair for any number of starting processes', async () => {
  await app.sql('delete from signing_keys');
  const [first, ...others] = await withRuntimes(same, 4, jwksOf);

  expect(others).toEqual([first, first, first]);
  expect(await app.sql('select kid from signing_keys')).toHaveLength(1);
});

it('verifies tokens that another process has signed', async () => {
  await withRuntimes(same, 2, async ([one, other]) => {
    const key = await currentKeyAt(app.runtime.orm.em.fork(), new Date());
    const token = one?.tokens.signAccess(key, grant, new Date());
    expect(await other?.tokens.readAccess(token ?? '', new Date())).toMatchObject({
      sid: subject.sessionId,
    });
  });
});

/** A key store that counts its reads. */
function countedKeyStore() {
  const reads = vi.fn<() => SqlEntityManager>(() => app.runtime.orm.em.fork());
  return { keyStore: new KeyStore(reads, sealer), reads };
}

it('reads the published keys once for all who ask at the same time', async () => {
  const { keyStore, reads } = countedKeyStore();
  const ask = () => Promise.all(Array.from({ length: 50 }, () => keyStore.jwks(app.clock.now())));
  expect((await ask()).every(({ keys }) => keys.length === 1)).toBe(true);
  expect(reads).toHaveBeenCalledTimes(1);
  const asking = ask();
  await app.sql('delete from signing_keys');
  await asking;
  expect((await ask()).every(({ keys }) => keys.length === 0)).toBe(true);
});

it('looks up unknown key ids in batches, each once', async () => {
  const { clock } = app.runtime;
  const { keyStore, reads } = countedKeyStore();
  const invented = Array.from({ length: 50 }, (_, index) => `invented-${index}`);
  const find = () => Promise.all(invented.map((kid) => keyStore.find(kid, clock.now())));

  expect(new Set(await find())).toEqual(new Set([undefined]));
  await find();
  expect(reads).toHaveBeenCalledTimes(1);
});

it('stores the private key encrypted, and publishes only the public one', async () => {
  const { accessToken } = await new Person(app).signIn();
  const jwks = (await app.fetch('/.well-known/jwks.json')).text;
  const [row] = await app.sql<{ sealed_private_jwk: string }>('select * from signing_keys');

  expect(jwks).toContain(decodeProtectedHeader(accessToken).kid);
  expect(jwks).not.toMatch(/"d":/);
  expect(row?.sealed_private_jwk).toMatch(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
});

it('does not decrypt a key that was moved to another id', async () => {
  await app.sql("update signing_keys set kid = 'another'");

  await expect(withRuntimes(same, 1, async () => undefined)).rejects.toThrow(
    /^SECRET_KEY: cannot decrypt/,
  );
});

it('does not start with another secret, unless the former one is configured', async () => {
  const jwks = await withRuntimes(same, 1, jwksOf);
  const other = { SECRET_KEY: 'another secret' };

  await expect(withRuntimes(other, 1, async () => undefined)).rejects.toThrow(
    /^SECRET_KEY: cannot decrypt/,
  );
  const renamed = { ...other, SECRET_KEY_PREVIOUS: 'secret of the tests' };
  expect(await withRuntimes(renamed, 1, jwksOf)).toEqual(jwks);
});
