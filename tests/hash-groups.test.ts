import { expect, it } from 'vitest';
import { createPasswords } from '#src/adapters/argon2.ts';
import { createLog } from '#src/adapters/pino-log.ts';
import type { Passwords } from '#src/ports/password-hasher.ts';
import { cheapParameters } from './support/cheap-passwords.ts';

// One thread hashes.
const log = createLog('silent', 'tests');
const [cheap, real] = [
  await createPasswords(2, log, cheapParameters),
  await createPasswords(2, log),
];

/** Checks a password so many times at once. */
async function check(passwords: Passwords, times: number): Promise<Promise<boolean>[]> {
  const stored = await passwords.hash('wool-lantern-73');
  return Array.from({ length: times }, () => passwords.verify(stored, 'wool-lantern-73'));
}

/** Starts checks, and returns how many had ended at each turn of the event loop at which some ended. */
async function groupsOf(checks: readonly Promise<unknown>[]): Promise<number[]> {
  let ended = 0;
  const groups: number[] = [];
  for (const check of checks) void check.then(() => (ended += 1));
  for (let seen = 0; seen < checks.length; ) {
    await new Promise((resolve) => setImmediate(resolve));
    if (ended > seen) groups.push(ended - seen);
    seen = ended;
  }
  return groups;
}

it('ends checks together while others wait, and one that nobody waits behind at once', async () => {
  expect(Math.max(...(await groupsOf(await check(cheap, 10))))).toBeGreaterThan(1);
  expect(await groupsOf(await check(cheap, 1))).toEqual([1]);
});

it('lets no check wait long for the others', async () => {
  const groups = await groupsOf(await check(real, 30));
  expect(groups.length).toBeGreaterThan(2);
});

it('ends a check before a transaction that hashes', async () => {
  const stored = await cheap.hash('wool-lantern-73');
  using place = cheap.reserve(true);
  const first = cheap.verify(stored, 'wool-lantern-73');
  const turn = place.start();
  const behind = cheap.verify(stored, 'wool-lantern-73');
  await turn;
  expect(await first).toBe(true);
  place[Symbol.dispose]();
  expect(await behind).toBe(true);
});
