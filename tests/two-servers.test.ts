import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { MeDocument, type SignedInFragment } from '../client/generated/graphql.ts';
import { TestApp } from './support/app.ts';
import { start } from './support/command.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { machineVariables } from './support/machine-variables.ts';
import { gatehouseScript } from './support/managed-process.ts';
import { type OwnStores, startMigratedStores } from './support/own-stores.ts';
import { request } from './support/request.ts';

let stores: OwnStores;
let here: TestApp;
/** Address of the other server, which is a process of its own. */
let there: string;

beforeAll(async () => {
  stores = await startMigratedStores();
  const variables = {
    DATABASE_URL: stores.postgres.url,
    REDIS_URL: stores.redis.url,
    SECRET_KEY: 'secret of both servers',
    PUBLIC_URL: 'http://localhost',
  };
  here = new TestApp(variables);
  await here.start();

  const port = await freePort();
  const env = { ...machineVariables(), ...variables, NODE_ENV: 'development' };
  start([process.execPath, gatehouseScript, 'server'], {
    cwd: resolve(import.meta.dirname, '..'),
    env: { ...env, PORT: String(port) },
  });
  there = `http://127.0.0.1:${port}`;
  await vi.waitFor(() => request(`${there}/healthz`), { timeout: 20_000, interval: 50 });
}, 40_000);

afterAll(async () => {
  await here.stop();
  await stores.close();
});

/** Whether the other server knows who holds the token. */
async function isKnownThere({ accessToken }: SignedInFragment): Promise<boolean> {
  const answer = await request(`${there}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: MeDocument.toString() }),
  });
  return JSON.parse(answer.text).data?.me?.id !== undefined;
}

it('rejects tokens on one server immediately after their session ended on the other', async () => {
  const ada = new Person(here);
  const first = await ada.signUp();
  const [second, third] = [await ada.signIn(), await ada.signIn()];
  const sessions = [first, second, third];
  expect(await Promise.all(sessions.map(isKnownThere))).toEqual([true, true, true]);

  await ada.changePassword(second.accessToken, {
    currentPassword: PASSWORD,
    newPassword: 'candle-harbour-58',
  });
  expect(await Promise.all(sessions.map(isKnownThere))).toEqual([false, true, false]);
  expect((await ada.refresh(third.refreshToken)).code).toBe('INVALID_TOKEN');
});

it('rejects tokens of ended sessions without Redis too, for each operation that ends a session without a code', async () => {
  const ada = new Person(here);
  const [one, two] = [await ada.signIn(), await ada.signIn()];
  const grace = new Person(here);
  const [three, four] = [await grace.signIn(), await grace.signIn()];
  const lin = new Person(here);
  const reused = await lin.signIn();
  expect(await isKnownThere(reused)).toBe(true);
  await stores.redis.kill();

  await ada.logout({ token: one.accessToken });
  expect([await isKnownThere(one), await isKnownThere(two)]).toEqual([false, true]);
  await grace.revokeOtherSessions(four.accessToken);
  expect([await isKnownThere(three), await isKnownThere(four)]).toEqual([false, true]);
  const { data } = await ada.sessions(two.accessToken);
  await ada.revokeSession(two.accessToken, data?.sessions[0]?.id ?? '');
  expect(await isKnownThere(two)).toBe(false);
  const child = (await lin.refresh(reused.refreshToken)).data?.refreshTokens;
  await lin.refresh(child?.refreshToken ?? '');
  await lin.refresh(reused.refreshToken);
  expect(child && (await isKnownThere(child))).toBe(false);
});
