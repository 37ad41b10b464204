import { expect, it, onTestFinished, vi } from 'vitest';
import { Busy } from '#src/ports.ts';
import { newAddress, newClient, useApp } from '../support/app.ts';
import { PASSWORD, Person, wrongCode } from '../support/flow.ts';

const app = useApp({
  LIMIT_REGISTER: '4/3600',
  LIMIT_LOGIN: '4/600',
  LIMIT_RESET_PASSWORD: '4/600',
});

function fillQueue() {
  const reserve = vi.spyOn(app.runtime.passwords, 'reserve').mockImplementation(() => {
    throw new Busy(2);
  });
  onTestFinished(() => reserve.mockRestore());
  return () => reserve.mockRestore();
}

// Before: five 503 of `register` took five of twenty registrations.
it.each<[string, (person: Person) => Promise<{ code: unknown }>, unknown]>([
  ['register', (person) => person.register(), undefined],
  ['login', (person) => person.login(), 'INVALID_CREDENTIALS'],
  ['resetPassword', (person) => person.resetPassword('000000', PASSWORD), 'INVALID_OTP'],
])('does not count a %s that the full queue of hashes has refused', async (_name, act, code) => {
  const from = newClient();
  const free = fillQueue();
  for (const _ of Array(5)) {
    expect((await act(new Person(app, newAddress(), from))).code).toBe('UNAVAILABLE');
  }
  free();
  for (const _ of Array(4))
    expect((await act(new Person(app, newAddress(), from))).code).toBe(code);
  expect((await act(new Person(app, newAddress(), from))).code).toBe('RATE_LIMITED');
});

/** Lets PostgreSQL refuse the transactions that record something. */
async function refuseRecords() {
  await app.sql(`create function refused() returns trigger language plpgsql as
    $$ begin raise exception 'disk full' using errcode = '53100'; end $$`);
  await app.sql(`create trigger refused before insert on outbox_entries
    for each statement execute function refused()`);
  return () => app.sql('drop function if exists refused cascade');
}

// Before: a right password or code gave the attempts back, although the answer was 503.
it('gives nothing back in an outage after a password was compared', async () => {
  const ada = new Person(app);
  await app.sql(
    `insert into accounts (id, email, password_hash, email_verified_at, role, created_at)
     values (gen_random_uuid(), ?, ?, now(), 'USER', now())`,
    [ada.email, await app.runtime.passwords.hash(PASSWORD)],
  );
  const recover = await refuseRecords();
  onTestFinished(() => void recover());
  const guesses = [PASSWORD, 'not-the-one', 'nor-this-one', PASSWORD];
  for (const guess of guesses) expect((await ada.login(guess)).code).toBe('UNAVAILABLE');
  await recover();
  // The limit of the client's logins is used up too.
  expect((await ada.login()).code).toBe('RATE_LIMITED');
  const [taken] = await windowsOf(`wrongPasswords ${ada.from}`);
  expect(taken).toBe(4);
});

it('keeps a right code good in an outage, and its attempts counted', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await ada.code();
  const recover = await refuseRecords();
  onTestFinished(() => void recover());
  for (const guess of [code, wrongCode(code), code]) {
    expect((await ada.verifyOtp(guess)).code).toBe('UNAVAILABLE');
  }
  await recover();
  expect((await ada.verifyOtp(wrongCode(code))).code).toBe('INVALID_OTP');
  expect((await windowsOf(`wrongCodes ${ada.from}`))[0]).toBe(4);
  expect((await ada.verifyOtp(code)).code).toBeUndefined();
  expect(await windowsOf(`wrongCodes ${ada.from}`)).toEqual([]);
});

/** Attempts in the live windows of that name. */
async function windowsOf(prefix: string): Promise<number[]> {
  const { redis } = app.runtime;
  const hashes = await Promise.all(
    (await redis.keys('address:*')).map(async (key) => Object.entries(await redis.hgetall(key))),
  );
  return hashes
    .flat()
    .filter(([field]) => field.startsWith(prefix))
    .map(([, value]) => Number.parseInt(value, 10))
    .sort((a, b) => b - a);
}
