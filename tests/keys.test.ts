import { decodeProtectedHeader } from 'jose';
import { expect, it } from 'vitest';
import { readConfig } from '#src/config.ts';
import { openRuntime, type Runtime } from '#src/runtime.ts';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();

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

it('makes one key pair, however many processes start at once', async () => {
  await app.sql('delete from signing_keys');
  const [first, ...others] = await withRuntimes(same, 4, async (runtimes) =>
    runtimes.map(({ tokens }) => tokens.jwks()),
  );

  expect(others).toEqual([first, first, first]);
  expect(await app.sql('select kid from signing_keys')).toHaveLength(1);
});

it('verifies in one process what another has signed', async () => {
  await app.sql('delete from signing_keys');
  await withRuntimes(same, 2, async ([one, other]) => {
    const subject = { accountId: 'a', sessionId: 's' };
    const token = await one?.tokens.signAccess(subject, new Date());
    expect(await other?.tokens.readAccess(token ?? '', new Date())).toMatchObject({ sid: 's' });
  });
});

it('keeps the private key sealed, and shows the public one alone', async () => {
  const { accessToken } = await new Person(app).signIn();
  const jwks = (await app.fetch('/.well-known/jwks.json')).text;
  const [row] = await app.sql<{ sealed_private_jwk: string }>('select * from signing_keys');

  expect(jwks).toContain(decodeProtectedHeader(accessToken).kid);
  expect(jwks).not.toMatch(/"d":/);
  expect(row?.sealed_private_jwk).toMatch(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
});

it('does not open a sealed key that was put under another name', async () => {
  await app.sql('delete from signing_keys');
  await withRuntimes(same, 1, async () => undefined);
  await app.sql("update signing_keys set kid = 'another'");

  await expect(withRuntimes(same, 1, async () => undefined)).rejects.toThrow(/^SECRET_KEY must be/);
  await app.sql('delete from signing_keys');
});

it('does not start with another secret, and does when the former one is named', async () => {
  await app.sql('delete from signing_keys');
  const [jwks] = await withRuntimes(same, 1, async (all) => all.map(({ tokens }) => tokens.jwks()));
  const other = { SECRET_KEY: 'another secret' };

  await expect(withRuntimes(other, 1, async () => undefined)).rejects.toThrow(
    /^SECRET_KEY must be/,
  );
  const renamed = { ...other, SECRET_KEY_PREVIOUS: 'secret of the tests' };
  await withRuntimes(renamed, 1, async ([runtime]) => {
    expect(runtime?.tokens.jwks()).toEqual(jwks);
  });
});
