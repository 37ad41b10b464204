import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { argon2id, hash } from 'argon2';
import { expect, it, onTestFinished, vi } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { startSecondServer } from './support/second-server.ts';

const app = useApp();

/** Counts the signatures that are verified from now on. */
function countVerifications() {
  const verify = vi.spyOn(crypto, 'verify');
  syncBuiltinESMExports();
  onTestFinished(() => {
    verify.mockRestore();
    syncBuiltinESMExports();
  });
  return verify;
}

it('verifies a token once in each process', async () => {
  const there = await startSecondServer(app);
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const verify = countVerifications();
  for (const server of [app, there, app, there, app]) {
    expect((await new Person(server).me(accessToken)).data?.me.email).toBe(ada.email);
  }
  expect(verify).toHaveBeenCalledTimes(2);
});

it('caches no invalid token', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const [head, body] = accessToken.split('.');
  const forged = `${head}.${body}.${'A'.repeat(86)}`;
  const verify = countVerifications();

  for (const token of [forged, forged]) expect((await ada.me(token)).code).toBe('UNAUTHENTICATED');
  expect(verify).toHaveBeenCalledTimes(2);
});

it('caches no token beyond its expiry', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  expect((await ada.me(accessToken)).code).toBeUndefined();
  app.clock.advance({ seconds: 906 });
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
});

it('serves signed-in users while hashes fill the thread pool', async () => {
  const ada = new Person(app);
  const bob = new Person(app);
  const [known, fresh] = [(await ada.signIn()).accessToken, (await bob.signIn()).accessToken];
  await ada.me(known);
  let hashed = 0;
  const hashes = Array.from({ length: 64 }, async () => {
    await hash('wool-lantern-73', { type: argon2id, memoryCost: 19_456, timeCost: 2 });
    hashed += 1;
  });

  expect((await ada.me(known)).data?.me.email).toBe(ada.email);
  expect((await bob.me(fresh)).data?.me.email).toBe(bob.email);
  expect(hashed).toBeLessThan(48);
  await Promise.all(hashes);
});
