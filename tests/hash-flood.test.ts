import { availableParallelism } from 'node:os';
import { expect, it, onTestFinished, vi } from 'vitest';
import { newAddress, newClient, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp({}, { fullHashes: true });

/** So many logins at once, each for another address and from another client. */
const flood = (size: number) =>
  Array.from({ length: size }, () => new Person(app, newAddress(), newClient()).login('nope-nope'));

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; took: number }> {
  const began = performance.now();
  return { result: await work(), took: performance.now() - began };
}

it('rejects passwords immediately that it could not hash soon, and serves other requests meanwhile', {
  timeout: 60_000,
}, async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const asked = flood(600).map((answer) => timed(() => answer));
  // The first answer refuses: the queue is full from then on.
  await Promise.race(asked);
  const meanwhile = await timed(() => ada.me(accessToken));
  const answers = await Promise.all(asked);

  const refused = answers.filter(({ result }) => result.code === 'UNAVAILABLE');
  const compared = answers.filter(({ result }) => result.code === 'INVALID_CREDENTIALS');
  expect(refused.length + compared.length).toBe(600);
  expect(refused.length).toBeGreaterThan(50);
  expect(compared.length).toBeGreaterThan(20);
  for (const { result } of refused) {
    expect(result.errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE', retryAfter: 2 });
    expect(result.headers['retry-after']).toBe('2');
  }
  const slowest = Math.max(...compared.map(({ took }) => took));
  expect(meanwhile.result.data?.me.email).toBe(ada.email);
  expect(meanwhile.took).toBeLessThan(slowest / 2);
});

/** Takes every place in the queue of hashes, or all that unknown clients can get. */
function fillQueue(known = true): Disposable {
  const places = new DisposableStack();
  try {
    for (;;) places.use(app.runtime.passwords.reserve(known));
  } catch {
    return places;
  }
}

it('consumes no rate limit if it is too busy to hash', async () => {
  const ada = new Person(app);
  await ada.register();
  const { accessToken } = await ada.signIn();
  await ada.forgotPassword();
  const code = await ada.code(3);
  const change = { currentPassword: 'nope-nope', newPassword: 'candle-harbour-58' };
  {
    using _queue = fillQueue();
    for (const _ of Array(6)) {
      const answers = [
        await ada.login('nope-nope'),
        await ada.changePassword(accessToken, change),
        await ada.resetPassword(code, PASSWORD),
        await new Person(app).register(),
      ];
      expect(answers.map((answer) => answer.code)).toEqual(Array(4).fill('UNAVAILABLE'));
    }
  }
  expect((await ada.resetPassword(code, PASSWORD)).code).toBeUndefined();
  expect((await ada.login(PASSWORD)).code).toBeUndefined();
});

it('reserves places for known clients, and loses no code while the queue is full', async () => {
  const ada = new Person(app);
  await ada.register();
  const { accessToken } = await ada.signIn();
  await ada.forgotPassword();
  const code = await ada.code(3);
  const elsewhere = new Person(app, ada.email);
  {
    using _queue = fillQueue(false);
    expect((await elsewhere.login('nope-nope')).code).toBe('UNAVAILABLE');
    expect((await elsewhere.register()).code).toBe('UNAVAILABLE');
    expect((await ada.login('nope-nope')).code).toBe('INVALID_CREDENTIALS');
    const change = { currentPassword: 'nope-nope', newPassword: 'candle-harbour-58' };
    expect((await ada.changePassword(accessToken, change)).code).toBe('BAD_USER_INPUT');
  }
  {
    using _queue = fillQueue();
    for (const _ of Array(6)) {
      expect((await elsewhere.resetPassword(code, PASSWORD)).code).toBe('UNAVAILABLE');
    }
  }
  expect((await elsewhere.resetPassword(code, PASSWORD)).code).toBeUndefined();
});

it('holds no database connection while its hash waits for its turn', async () => {
  const ada = new Person(app);
  await ada.register();
  await ada.forgotPassword();
  const code = await ada.code(2);
  const places = new DisposableStack();
  // At most one hash per core runs at a time.
  for (let turn = 0; turn < availableParallelism(); turn += 1) {
    void places.use(app.runtime.passwords.reserve(true)).start();
  }
  const reserve = vi.spyOn(app.runtime.passwords, 'reserve');
  onTestFinished(() => reserve.mockRestore());

  let isAnswered = false;
  const reset = ada.resetPassword(code, 'amber-compass-91').finally(() => {
    isAnswered = true;
  });
  const open = `select query from pg_stat_activity
    where datname = current_database() and state like 'idle in transaction%'`;
  await app.eventually(() => reserve.mock.calls.length > 0);
  const seen = [];
  for (let check = 0; check < 50; check += 1) seen.push(...(await app.sql(open)));
  expect([isAnswered, seen]).toEqual([false, []]);
  places.dispose();
  expect((await reset).code).toBeUndefined();
});
