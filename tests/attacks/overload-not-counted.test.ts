import { expect, it, onTestFinished, vi } from 'vitest';
import { createServerRateLimit } from '#src/adapters/client-rate-limits.ts';
import { OverloadedError } from '#src/errors/overloaded.ts';
import { askOver, transports } from '../equivalence/either-transport.ts';
import { newAddress, newClient, useApp } from '../support/app.ts';
import { PASSWORD, Person, wrongCode } from '../support/flow.ts';

const app = useApp({
  LIMIT_REGISTER: '4/3600',
  LIMIT_LOGIN: '4/600',
  LIMIT_RESET_PASSWORD: '4/600',
  LIMIT_CODE_REQUESTS: '4/3600',
  LIMIT_MAILED_CODES: '4/600',
  LIMIT_MAILBOX: '4/600',
  LIMIT_REFRESH: '4/600',
});

function fillQueue() {
  const reserve = vi.spyOn(app.runtime.passwords, 'reserve').mockImplementation(() => {
    throw new OverloadedError(2);
  });
  onTestFinished(() => reserve.mockRestore());
  return () => reserve.mockRestore();
}

// Before: five 503 responses of `register` consumed five of twenty registrations.
it.each<[string, (person: Person) => Promise<{ code: unknown }>, unknown]>([
  ['register', (person) => person.register(), undefined],
  ['login', (person) => person.login(), 'INVALID_CREDENTIALS'],
  ['resetPassword', (person) => person.resetPassword('000000', PASSWORD), 'INVALID_OTP'],
])(
  'does not count a %s that was rejected because the hash queue was full',
  async (_name, act, code) => {
    const from = newClient();
    const free = fillQueue();
    for (const _ of Array(5)) {
      expect((await act(new Person(app, newAddress(), from))).code).toBe('UNAVAILABLE');
    }
    free();
    // Before: the addresses counted among those that the client has used.
    expect(await app.runtime.redis.keys(`touched:*:${from}/32`)).toEqual([]);
    for (const _ of Array(4))
      expect((await act(new Person(app, newAddress(), from))).code).toBe(code);
    expect((await act(new Person(app, newAddress(), from))).code).toBe('RATE_LIMITED');
  },
);

/** Makes PostgreSQL refuse the transactions that record something. */
async function refuseRecords() {
  await app.sql(`create function refused() returns trigger language plpgsql as
    $$ begin raise exception 'disk full' using errcode = '53100'; end $$`);
  await app.sql(`create trigger refused before insert on outbox_entries
    for each statement execute function refused()`);
  return async () => {
    await app.sql('drop function if exists refused cascade');
  };
}

// Before: a right password or code refunded the attempts, although the answer was 503.
it('refunds nothing in an outage after a password was compared', async () => {
  const ada = new Person(app);
  await app.sql(
    `insert into accounts (id, email, password_hash, email_verified_at, role, created_at)
     values (gen_random_uuid(), ?, ?, now(), 'USER', now())`,
    [ada.email, await app.runtime.passwords.hash(PASSWORD)],
  );
  const recover = await refuseRecords();
  onTestFinished(recover);
  const guesses = [PASSWORD, 'not-the-one', 'nor-this-one', PASSWORD];
  for (const guess of guesses) expect((await ada.login(guess)).code).toBe('UNAVAILABLE');
  await recover();
  // The limit of the client's logins is used up too.
  expect((await ada.login()).code).toBe('RATE_LIMITED');
  const [taken] = await windowsOf(`wrongPasswords ${ada.from}`);
  expect(taken).toBe(4);
});

it('keeps a right code valid in an outage, and its attempts counted', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await ada.code();
  const recover = await refuseRecords();
  onTestFinished(recover);
  for (const guess of [code, wrongCode(code), code]) {
    expect((await ada.verifyOtp(guess)).code).toBe('UNAVAILABLE');
  }
  await recover();
  expect((await ada.verifyOtp(wrongCode(code))).code).toBe('INVALID_OTP');
  expect((await windowsOf(`wrongCodes ${ada.from}`))[0]).toBe(4);
  expect((await ada.verifyOtp(code)).code).toBeUndefined();
  expect(await windowsOf(`wrongCodes ${ada.from}`)).toEqual([]);
});

const mailing = ['requestOtp', 'forgotPassword', 'register'] as const;
const eachWay = mailing.flatMap((operation) =>
  ['unknown', 'known'].flatMap((client) =>
    transports.map((transport) => [operation, client, transport] as const),
  ),
);

// Before: four 503 consumed four of the five mailed codes, although nothing was mailed.
it.each(eachWay)(
  'does not count a %s for the %s client when PostgreSQL rejects writes: %s',
  async (...way) => {
    const [operation, client, transport] = way;
    const ada = new Person(app);
    if (client === 'known') await ada.signIn();
    const from = { from: client === 'known' ? ada.from : newClient() };
    const input = {
      email: ada.email,
      ...(operation === 'register' && { password: PASSWORD }),
    };
    const ask = async () => (await askOver(transport, app, operation, input, from)).code;
    await forgetLimits();
    const recover = await refuseRecords();
    onTestFinished(recover);
    for (const _ of Array(6)) expect(await ask()).toBe('UNAVAILABLE');
    await recover();
    for (const _ of Array(4)) expect(await ask()).toBeUndefined();
    expect(await ask()).toBe('RATE_LIMITED');
  },
);

// Before: the code of the owner was dead after the first 503.
it('keeps the code that the owner holds as the newest one', async () => {
  const ada = new Person(app);
  await ada.signIn();
  await forgetLimits();
  await ada.requestOtp();
  await ada.forgotPassword();
  const [signInCode, resetCode] = [await ada.code(2), await ada.code(3)];
  const recover = await refuseRecords();
  onTestFinished(recover);
  for (const act of [ada.requestOtp(), ada.register(), ada.forgotPassword()]) {
    expect((await act).code).toBe('UNAVAILABLE');
  }
  await recover();
  expect((await ada.verifyOtp(signInCode)).code).toBeUndefined();
  expect((await ada.resetPassword(resetCode, PASSWORD)).code).toBeUndefined();
});

// Before: LIMIT_REFRESH was used up after an outage. A refresh token cannot be guessed.
it.each(transports)(
  'does not count a refresh when PostgreSQL rejects writes: %s',
  async (transport) => {
    const ada = new Person(app);
    let { refreshToken } = await ada.signIn();
    await forgetLimits();
    const recover = await refuseRecords();
    onTestFinished(recover);
    const ask = () =>
      askOver(transport, app, 'refreshTokens', { refreshToken }, { from: ada.from });
    for (const _ of Array(6)) expect((await ask()).code).toBe('UNAVAILABLE');
    await recover();
    for (const _ of Array(4)) {
      const { data } = await ada.refresh(refreshToken);
      refreshToken = data?.refreshTokens.refreshToken ?? '';
    }
    expect(refreshToken).not.toBe('');
    expect((await ask()).code).toBe('RATE_LIMITED');
  },
);

// Before: a burst past the limit was not refunded with the attempts before it.
it('does not count a rejected attempt in a limit of the process', () => {
  const limit = createServerRateLimit('burst', { max: 2, seconds: 60 });
  for (const _ of Array(5)) limit.consume('client');
  for (const _ of Array(2)) limit.refund('client');
  expect(limit.consume('client').left).toBe(1);
});

it('keeps counters for a bounded number of clients per process', () => {
  const limit = createServerRateLimit('bounded', { max: 1, seconds: 60 }, undefined, 2);
  for (const client of ['first', 'second', 'third']) limit.consume(client);
  expect(limit.consume('third').exceeded).toBeDefined();
  expect(limit.consume('first').exceeded).toBeUndefined();
});

it('refunds nothing in a later window of the process', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const limit = createServerRateLimit('windows', { max: 2, seconds: 60 });
  expect(limit.consume('client')).toMatchObject({ left: 1, wait: 60 });
  vi.advanceTimersByTime(59_001);
  expect(limit.consume('client')).toMatchObject({ left: 0, wait: 1 });
  expect(limit.consume('client')).toMatchObject({ left: 0, wait: 1, exceeded: { wait: 1 } });
  vi.advanceTimersByTime(999);
  limit.refund('client');
  expect(limit.consume('client')).toMatchObject({ left: 1, wait: 60, exceeded: undefined });
});

it.each([34_810.60655341477, 45_377.430934320604, 87_465.39217546197])(
  'announces a wait of no more than the window at %d ms of uptime',
  (uptime) => {
    vi.spyOn(performance, 'now').mockReturnValue(uptime);
    onTestFinished(() => void vi.restoreAllMocks());
    const limit = createServerRateLimit('windows', { max: 1, seconds: 60 });
    expect(limit.consume('client').wait).toBe(60);
  },
);

/** Resets all limits that Redis holds. */
async function forgetLimits(): Promise<void> {
  const { redis } = app.runtime;
  const prefixes = ['address', 'mailbox', 'client'];
  const keys = await Promise.all(prefixes.map((prefix) => redis.keys(`${prefix}:*`)));
  if (keys.flat().length > 0) await redis.del(...keys.flat());
}

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
