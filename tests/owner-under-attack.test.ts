import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { type AskedOperation, askOver, type Outcome } from './equivalence/either-transport.ts';
import { newClient, useApp } from './support/app.ts';
import { codeIn } from './support/code-in-mail.ts';
import { Person, wrongCode } from './support/flow.ts';

// For attackers with an IPv6 address, which this machine need not have.
const app = useApp({ TRUST_PROXY: '127.0.0.0/8' });
const NEW_PASSWORD = 'amber-compass-91';
/** Milliseconds. Two hundred attackers keep a busy machine busier. */
const timeout = 60_000;

/** Returns the same user at another client. */
const elsewhere = ({ email }: Person) => new Person(app, email, newClient());

/** Creates an account with a password and a session from its own client. */
async function owner(): Promise<Person> {
  const ada = new Person(app);
  await ada.signUp();
  return ada;
}

/** Asks for a code, and reads it in the mailbox: a mail says from where it was asked for. */
async function askFor<T>(who: Person, ask: () => Promise<T>) {
  const codes = () =>
    who.mails().flatMap((raw) => (raw.includes(`IP address: ${who.from}`) && codeIn(raw)) || []);
  const before = codes().length;
  const answer = await ask();
  return { answer, code: await app.eventually(() => codes()[before]) };
}

type Ask = (operation: AskedOperation, input?: object) => Promise<Outcome>;

/** Request that an attacker repeats. No attacker can read the mailbox. */
type Habit = (ask: Ask) => Promise<unknown>;

const guess = { otp: '000000' };
const randomId = () => Array.from({ length: 10 }, () => randomInt(1000, 10_000)).join('-');

const tryPassword: Habit = (ask) => ask('login', { password: 'not-the-password' });
const tryResetCode: Habit = (ask) => ask('resetPassword', { ...guess, password: NEW_PASSWORD });
const tryCode: Habit = (ask) => ask('verifyOtp', guess);
const tryChallenge: Habit = (ask) => ask('verifyOtp', { ...guess, challengeId: randomId() });
const askAndTry: Habit = async (ask) => {
  await ask('forgotPassword');
  const { challengeId } = await ask('requestOtp');
  await ask('verifyOtp', challengeId ? { ...guess, challengeId } : guess);
};
const habits = [tryCode, tryChallenge, askAndTry, tryCode, tryPassword, tryChallenge, tryResetCode];

interface Attack extends AsyncDisposable {
  /** When attackers have used up whatever they can. */
  readonly exhausted: Promise<void>;
}

const ATTACKERS = 200;
const AT_ONCE = 16;

let networks = 0;

/** Every other attacker comes through REST, every third one out of one IPv6 network. */
function attackersOf(email: string): Ask[] {
  networks += 1;
  return Array.from({ length: ATTACKERS }, (_, number) => {
    const from = `127.77.${networks}.${number + 1}`;
    const headers = {
      'x-forwarded-for': number % 3 ? from : `2001:db8:${networks}::${number + 1}`,
    };
    const transport = number % 2 ? 'REST' : 'GraphQL';
    return (operation, input) =>
      askOver(transport, app, operation, { email, ...input }, { from, headers });
  });
}

/** Sends requests of all attackers in turn until the rate limits are used up, without overloading the machine. */
function attack({ email }: Person): Attack {
  const left = new Set([
    ...['requestOtp: RATE_LIMITED', 'forgotPassword: RATE_LIMITED'],
    ...['verifyOtp: LOCKED', 'resetPassword: LOCKED'],
  ]);
  const exhausted = Promise.withResolvers<void>();
  const attackers = attackersOf(email);
  let isOver = false;
  const keepOn = async (first: number) => {
    for (let turn = first; !isOver; turn += AT_ONCE) {
      const attacker = attackers[turn % ATTACKERS] as Ask;
      await habits[turn % habits.length]?.(async (operation, input) => {
        const outcome = await attacker(operation, input);
        left.delete(`${operation}: ${String(outcome.code)}`);
        if (left.size === 0) exhausted.resolve();
        return outcome;
      });
    }
  };
  const attempts = Promise.all(Array.from({ length: AT_ONCE }, (_, first) => keepOn(first)));
  return {
    exhausted: exhausted.promise,
    async [Symbol.asyncDispose]() {
      isOver = true;
      await attempts;
    },
  };
}

it('lets the owner sign in at a known client without a challengeId, by password, code and reset', {
  timeout,
}, async () => {
  const ada = await owner();
  await using attackers = attack(ada);
  await attackers.exhausted;

  const login = await askFor(ada, () => ada.login());
  expect(login.answer.code).toBeUndefined();
  expect((await ada.verifyOtp(login.code)).code).toBeUndefined();
  const asked = await askFor(ada, () => ada.requestOtp());
  expect((await ada.verifyOtp(asked.code)).code).toBeUndefined();
  const { code } = await askFor(ada, () => ada.forgotPassword());
  expect((await ada.resetPassword(code, NEW_PASSWORD)).code).toBeUndefined();
});

it('lets the owner sign in at an unknown client with the challengeId of a mailed code', {
  timeout,
}, async () => {
  const ada = await owner();
  const [before, reset, after] = [elsewhere(ada), elsewhere(ada), elsewhere(ada)];
  const asked = await askFor(before, () => before.requestOtp());
  const forgotten = await askFor(reset, () => reset.forgotPassword());
  {
    await using attackers = attack(ada);
    await attackers.exhausted;
    const challengeId = asked.answer.data?.requestOtp.challengeId;
    expect((await before.verifyOtp(asked.code, challengeId)).code).toBeUndefined();
    const resetId = forgotten.answer.data?.forgotPassword.challengeId;
    const changed = await reset.resetPassword(forgotten.code, NEW_PASSWORD, resetId);
    expect(changed.code).toBeUndefined();
    expect((await after.requestOtp()).code).toBe('RATE_LIMITED');
  }
  // Ten minutes later a code can be mailed, and attackers are locked out still.
  const { redis } = app.runtime;
  for (const key of await redis.keys('address:*')) {
    const fields = await redis.hkeys(key);
    await redis.hdel(key, '-', ...fields.filter((field) => /mailedCodes .+ unknown/.test(field)));
  }
  const again = await askFor(after, () => after.requestOtp());
  const challengeId = again.answer.data?.requestOtp.challengeId;
  expect((await after.verifyOtp(again.code)).code).toBe('LOCKED');
  expect((await after.verifyOtp(again.code, challengeId)).code).toBeUndefined();
});

it('counts the attempts of a known client separately from 10 guesses at the same challenge', async () => {
  const ada = await owner();
  const { code } = await askFor(ada, () => ada.requestOtp());
  const guesses = Array.from({ length: 10 }, () => elsewhere(ada).verifyOtp(wrongCode(code)));
  for (const each of await Promise.all(guesses)) expect(each.code).toBe('INVALID_OTP');
  expect((await elsewhere(ada).verifyOtp(code)).code).toBe('INVALID_OTP');
  expect((await ada.verifyOtp(code)).code).toBeUndefined();
});

it('accepts the newest code of the owner and of unknown clients, and no older one', async () => {
  const ada = await owner();
  const { code: older } = await askFor(ada, () => ada.requestOtp());
  const { code: own } = await askFor(ada, () => ada.login());
  const unknown = [elsewhere(ada), elsewhere(ada)] as const;
  const { code: first } = await askFor(unknown[0], () => unknown[0].requestOtp());
  const { code: last } = await askFor(unknown[1], () => unknown[1].requestOtp());

  for (const dead of [older, first]) expect((await ada.verifyOtp(dead)).code).toBe('INVALID_OTP');
  expect((await ada.verifyOtp(own)).code).toBeUndefined();
  expect((await ada.verifyOtp(last)).code).toBeUndefined();
});

it('counts all clients of one IPv6 network together', async () => {
  const ada = await owner();
  const { code } = await askFor(ada, () => ada.requestOtp());
  const neighbours = Array.from({ length: 20 }, (_, number) => {
    const headers = { 'x-forwarded-for': `2001:db8:bad:2:${number + 1}::1` };
    const input = { email: ada.email, otp: wrongCode(code) };
    return askOver(number % 2 ? 'REST' : 'GraphQL', app, 'verifyOtp', input, { headers });
  });
  const codes = (await Promise.all(neighbours)).map((outcome) => outcome.code);
  expect(codes.filter((each) => each === 'INVALID_OTP')).toHaveLength(5);
  expect(codes.filter((each) => each === 'LOCKED')).toHaveLength(15);
  expect((await ada.verifyOtp(code)).code).toBeUndefined();
});
