import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { ChangeEmailDocument } from '../../client/generated/graphql.ts';
import { Mover } from '../support/address-changes.ts';
import { type GraphqlAnswer, useApp } from '../support/app.ts';
import { type EffectSize, effectSize } from '../support/effect-size.ts';
import { PASSWORD, Person } from '../support/flow.ts';

const PLENTY = '1000000/600';

const app = useApp(
  {
    // Nothing is mailed to unknown addresses then, which is harder to hide.
    OTP_SIGNUP: 'false',
    LIMIT_REQUESTS: PLENTY,
    LIMIT_REGISTER: PLENTY,
    LIMIT_LOGIN: PLENTY,
    LIMIT_CODE_REQUESTS: PLENTY,
    LIMIT_CHANGE_EMAIL: PLENTY,
    LIMIT_ADDRESSES: PLENTY,
    LIMIT_ADDRESSES_WIDE: PLENTY,
  },
  { fullHashes: true },
);

/** Addresses with an account, and as many without. */
const SAMPLES = 300;
/** Milliseconds, for a machine that has much else to do. */
const TIMEOUT = 300_000;

/**
 * Maximum of |delta|: a client that guesses from the time of one answer whether there is an account
 * is right in at most 60 of 100 cases.
 *
 * The order is drawn by lot. Whatever else slows the machine down, and however unevenly, then falls
 * on either sort by chance: where the product is neutral, delta is distributed like Mann and
 * Whitney's U, around 0 with a standard deviation of √((2n + 1) / 3n²) = 0.047. The bound is 4.2 of
 * these, so a test fails by mistake once in some 45,000 runs. A bound on milliseconds would depend
 * on the machine.
 *
 * A true delta of 0.36 goes unnoticed once in 1,000 runs: a shift by a quarter of the span in which
 * eight of ten times lie, which is a tenth of a hash where nothing else runs, and a third on a busy
 * machine. A hash left out is a delta of nearly 1. Finer differences are for `account-enumeration.test.ts`, which
 * compares what is done and not how long it takes.
 */
const BOUND = 0.2;

/** Asks for addresses of other accounts. */
let mover: Mover;
beforeAll(async () => {
  mover = await Mover.create(app);
});

interface Operation {
  readonly ask: (person: Person) => Promise<GraphqlAnswer<unknown>>;
  /** The code of every answer. */
  readonly code?: string;
}

const operations = {
  register: { ask: (person) => person.register('somebody-elses-76') },
  login: { ask: (person) => person.login('not-the-password'), code: 'INVALID_CREDENTIALS' },
  requestOtp: { ask: (person) => person.requestOtp() },
  forgotPassword: { ask: (person) => person.forgotPassword() },
  changeEmail: {
    ask: ({ email, from }) =>
      app.run(ChangeEmailDocument, { input: { newEmail: email } }, { from, token: mover.token }),
  },
} satisfies Record<string, Operation>;

let addresses = 0;
const newPerson = () => {
  const number = String(++addresses).padStart(6, '0');
  return new Person(app, `person-${number}@example.com`, '127.0.0.1');
};

/** Creates verified accounts, each with a password and a session at another client. */
async function makeAccounts(people: readonly Person[]): Promise<void> {
  await app.sql(
    `with made as (
       insert into accounts (id, email, password_hash, email_verified_at, role, created_at)
       select gen_random_uuid(), email, ?, now(), 'USER', now() from unnest(?::text[]) email
       returning id, created_at
     )
     insert into sessions (id, account_id, live_token_hash, created_at, last_used_at,
       idle_expires_at, expires_at, ip_address, client, user_agent)
     select gen_random_uuid(), id, md5(id::text), created_at, created_at,
       created_at + interval '14 days', created_at + interval '30 days',
       '192.0.2.1', '192.0.2.1/32', ''
     from made`,
    [await app.runtime.passwords.hash(PASSWORD), `{${people.map(({ email }) => email).join()}}`],
  );
  await app.sql('analyze accounts, sessions');
}

/** How much longer answers take for addresses with an account, one after the other in random order. */
async function measure({ ask, code }: Operation, samples: number): Promise<EffectSize> {
  const people = Array.from({ length: samples }, newPerson);
  const nobody = Array.from({ length: samples }, newPerson);
  await makeAccounts(people);
  const times = { people: [] as number[], nobody: [] as number[] };
  const asked = [
    ...people.map((person) => ({ person, taken: times.people, lot: Math.random() })),
    ...nobody.map((person) => ({ person, taken: times.nobody, lot: Math.random() })),
  ].sort((one, other) => one.lot - other.lot);

  for (const _ of Array(20)) await ask(newPerson());
  for (const { person, taken } of asked) {
    const began = performance.now();
    const answer = await ask(person);
    taken.push(performance.now() - began);
    expect(answer.code).toBe(code);
  }
  return effectSize(times.people, times.nobody);
}

it.each(Object.entries<Operation>(operations))(
  'responds in the same time whether or not an address has an account: %s',
  { timeout: TIMEOUT },
  async (_name, operation) => {
    const { delta, shift } = await measure(operation, SAMPLES);
    expect(Math.abs(delta), `slower by ${shift} ms`).toBeLessThan(BOUND);
  },
);

it('detects a missing hash for unknown addresses', { timeout: TIMEOUT }, async () => {
  const { passwords } = app.runtime;
  const { verify } = passwords;
  const withoutDecoy: typeof verify = async (stored, password) =>
    stored !== null && verify(stored, password);
  const spy = vi.spyOn(passwords, 'verify').mockImplementation(withoutDecoy);
  onTestFinished(() => spy.mockRestore());

  expect((await measure(operations.login, SAMPLES / 5)).delta).toBeGreaterThan(BOUND);
});
