import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { TestApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { type OwnStore, type OwnStores, startMigratedStores } from './support/own-stores.ts';
import { startSecondServer } from './support/second-server.ts';

let stores: OwnStores;
let app: TestApp;

beforeAll(async () => {
  stores = await startMigratedStores();
  app = new TestApp({ DATABASE_URL: stores.postgres.url, REDIS_URL: stores.redis.url });
  await app.start();
});

afterAll(async () => {
  await app.stop();
  await stores.close();
});

async function takeAway(store: OwnStore): Promise<void> {
  await store.kill();
  onTestFinished(async () => {
    await store.restart();
    await app.eventually(async () => (await app.fetch('/readyz')).status === 200);
  });
}

it('publishes the last known keys while PostgreSQL is unavailable', async () => {
  const jwks = () => app.fetch('/.well-known/jwks.json');
  const before = (await jwks()).text;
  await takeAway(stores.postgres);

  const { status, text, headers } = await jwks();
  expect([status, text]).toEqual([200, before]);
  expect(headers['cache-control']).toBe('public, max-age=300');
});

it('responds UNAVAILABLE, not UNAUTHENTICATED, if it cannot look up a key', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const header = { ...decodeProtectedHeader(accessToken), kid: 'A'.repeat(43) };
  const head = Buffer.from(JSON.stringify(header)).toString('base64url');
  await takeAway(stores.postgres);

  const unknown = accessToken.replace(/^[^.]+/, head);
  expect((await ada.me(unknown)).code).toBe('UNAVAILABLE');
});

it('drops a compromised key everywhere while Redis is unavailable', async () => {
  const there = await startSecondServer(app);
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  await takeAway(stores.redis);
  expect((await command(app, 'keys', 'rotate --compromised')).code).toBe(0);

  for (const server of [app, there]) {
    expect((await new Person(server).me(accessToken)).code).toBe('UNAUTHENTICATED');
  }
  const { data } = await ada.refresh(refreshToken);
  expect((await ada.me(data?.refreshTokens.accessToken ?? '')).data?.me.email).toBe(ada.email);
});
