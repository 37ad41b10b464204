import * as argon2 from 'argon2';
import { expect, it, vi } from 'vitest';
import type { OutboxKind } from '#src/ports/job-queue.ts';
import {
  ChangeEmailDocument,
  ConfirmEmailChangeDocument,
  VerifyFactorDocument,
} from '../client/generated/graphql.ts';
import { Mover } from './support/address-changes.ts';
import { type GraphqlAnswer, newAddress, useApp } from './support/app.ts';
import { Authenticator } from './support/authenticator.ts';
import { countHashes } from './support/count-hashes.ts';
import { insertFactor } from './support/factor-owner.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { PasskeyFactorOwner } from './support/passkey-factor-owner.ts';
import { recordStatements } from './support/statements.ts';

// Nobody without an account is mailed a code then, which is harder to hide.
const app = useApp({ OTP_SIGNUP: 'false' }, { fullHashes: true });

/** States of an address, each with the steps that lead to it. */
const kinds: Record<string, (owner: Person) => Promise<unknown>> = {
  'no account': async () => undefined,
  'an unverified account': (owner) => owner.register(),
  'a verified account': (owner) => owner.signUp(),
  'an account whose hash release 0.2 wrote': async (owner) => {
    await owner.signUp();
    await app.sql(
      "update accounts set password_hash = replace(password_hash, 't=2,p=1', 'p=1,t=2') where email = ?",
      [owner.email],
    );
  },
  'an account whose hash was imported': async (owner) => {
    await owner.signUp();
    const hash = await argon2.hash(PASSWORD, { memoryCost: 8192, timeCost: 3, parallelism: 4 });
    await app.sql('update accounts set password_hash = ? where email = ?', [hash, owner.email]);
  },
  'an address that an account gave up': async ({ email }) => {
    const mover = await Mover.create(app, 'GraphQL', email);
    await mover.move(newAddress());
    await app.mailsDelivered();
  },
  'an account with an authenticator app': async (owner) => {
    await owner.signUp();
    await insertFactor(app, owner.email);
  },
  'an account with a passkey': async (owner) => {
    const { accessToken: token } = await owner.signUp();
    const ada = Object.assign(new PasskeyFactorOwner(app, 'GraphQL', owner), { token });
    const { code } = await ada.addPasskey();
    if (code !== undefined) throw new Error('no passkey');
  },
  'an account without a password': async (owner) => {
    // The password is dropped: the code does not show that its holder knows it.
    await owner.register();
    await owner.signIn();
  },
};

type Answer = GraphqlAnswer<unknown>;

interface Operation {
  /** Requests that the client made before. @returns the id of a challenge, if it sends one */
  readonly before?: (client: Person) => Promise<string | undefined>;
  readonly ask: (client: Person, challengeId?: string) => Promise<Answer>;
  readonly hashes: 0 | 1;
  readonly outbox: readonly OutboxKind[];
}

const failed = { hashes: 0, outbox: ['audit'] } as const;
const signInCode = async (client: Person) =>
  (await client.requestOtp()).data?.requestOtp.challengeId;
const registration = async (client: Person) =>
  (await client.register('somebody-elses-76')).data?.register.challengeId;
const resetCode = async (client: Person) =>
  (await client.forgotPassword()).data?.forgotPassword.challengeId;
const verifyOtp: Operation['ask'] = (client, id) => client.verifyOtp('000000', id);
const resetPassword: Operation['ask'] = (client, id) =>
  client.resetPassword('000000', 'somebody-elses-76', id);

/** Access tokens of accounts whose address is to become that of a client. */
const movers = new Map<Person, string>();

/** Signs in to another account, with a step-up. */
const prepareMove: Operation['before'] = async (client) => {
  const mover = await Mover.create(app, 'GraphQL', client.email.replace('person', 'mover'));
  movers.set(client, mover.token);
  return undefined;
};

const changeEmail = (client: Person) =>
  app.run(
    ChangeEmailDocument,
    { input: { newEmail: client.email } },
    { from: client.from, token: movers.get(client) ?? '' },
  );

const confirmEmailChange: Operation['ask'] = (client, challengeId = '') =>
  app.run(
    ConfirmEmailChangeDocument,
    { input: { otp: '000000', challengeId } },
    { from: client.from, token: movers.get(client) ?? '' },
  );

const authenticator = new Authenticator('http://localhost:8000');
authenticator.create({ challenge: 'AAAA', rp: { id: 'localhost' }, user: { id: 'AAAA' } });
const ofNobody = authenticator.get({ challenge: 'AAAA', rpId: 'localhost' });

/** Sends a proof without the challenge of a sign-in. */
const verifyFactor = ({ email, from }: Person, proof: object) =>
  app.run(
    VerifyFactorDocument,
    { input: { email, challengeId: '1'.repeat(49), ...proof } },
    { from },
  );

const operations: Record<string, Operation> = {
  changeEmail: {
    before: prepareMove,
    ask: changeEmail,
    hashes: 0,
    outbox: ['mail', 'audit', 'mail', 'audit'],
  },
  confirmEmailChange: {
    before: async (client) => {
      await prepareMove(client);
      return (await changeEmail(client)).data?.changeEmail.challengeId;
    },
    ask: confirmEmailChange,
    ...failed,
  },
  register: {
    ask: (client) => client.register('somebody-elses-76'),
    hashes: 1,
    outbox: ['audit', 'mail', 'audit'],
  },
  'register, past the limit of mailed codes': {
    before: async (client) => {
      const { max } = app.runtime.config.mailedCodes;
      for (const _ of Array(max)) await client.register('somebody-elses-76');
      return undefined;
    },
    ask: (client) => client.register('somebody-elses-76'),
    hashes: 1,
    outbox: ['audit'],
  },
  'verifyOtp of a named registration': { before: registration, ask: verifyOtp, ...failed },
  login: { ask: (client) => client.login('not-the-password'), ...failed, hashes: 1 },
  'login, locked': {
    before: async (client) => {
      for (const _ of Array(5)) await client.login('not-the-password');
      return undefined;
    },
    ask: (client) => client.login('not-the-password'),
    ...failed,
  },
  'verifyFactor with a code of an app': {
    ask: (client) => verifyFactor(client, { totp: '000000' }),
    ...failed,
  },
  'verifyFactor with a recovery code': {
    ask: (client) => verifyFactor(client, { recoveryCode: 'a'.repeat(24) }),
    ...failed,
  },
  'verifyFactor with a passkey': {
    ask: (client) => verifyFactor(client, { passkey: ofNobody }),
    ...failed,
  },
  requestOtp: { ask: (client) => client.requestOtp(), hashes: 0, outbox: ['mail', 'audit'] },
  forgotPassword: {
    ask: (client) => client.forgotPassword(),
    hashes: 0,
    outbox: ['mail', 'audit'],
  },
  verifyOtp: { ask: verifyOtp, ...failed },
  'verifyOtp of the newest code': {
    before: signInCode,
    ask: (client) => verifyOtp(client),
    ...failed,
  },
  'verifyOtp of a named code': { before: signInCode, ask: verifyOtp, ...failed },
  resetPassword: { ask: resetPassword, ...failed },
  'resetPassword of the newest code': {
    before: resetCode,
    ask: (client) => resetPassword(client),
    ...failed,
  },
  'resetPassword of a named code': {
    before: resetCode,
    ask: resetPassword,
    ...failed,
  },
};

/** Text in which all that has to differ looks alike, and keeps its length. */
const masked = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(/\d/g, '0')
    // Expiry of a mail: a notice has none, and that of a code may have milliseconds.
    .replaceAll(/\bnull\b|\b000[.]0+\b/g, '000')
    // Random: hashes of addresses and codes, sealed mails.
    .replaceAll(/[\w.+/=-]{20,}/g, ({ length }) => `<${length}>`)
    // The field of the newest challenge: a decoy never becomes the newest.
    .replace(/(newest \w+) (decoys|unknown)/, '$1 …')
    // `created`, `replaced` or `taken`: three letters, which no clock sees.
    .replace(/(outcome\W+)\w+/, '$1…');

/** Everything that is done for one answer, and the answer. */
async function trace(ask: () => Promise<Answer>) {
  const { redis, jobs } = app.runtime;
  const statements = await recordStatements(app.runtime);
  const commands = vi.spyOn(redis, 'sendCommand');
  const announced = vi.spyOn(jobs, 'announce');
  using hashes = countHashes();
  try {
    const { status, headers, text } = await ask();
    return {
      answer: masked({ status, headers: { ...headers, date: '' }, text }),
      // Their values too: what goes into the outbox is among them.
      statements: statements.sent
        // The server's periodic check of PostgreSQL, and that of a new connection.
        .filter(({ text }) => !/ where false$|^select pg_backend_pid/.test(text))
        .map(({ text, values }) => masked([text, values])),
      commands: commands.mock.calls
        // The periodic checks of Redis and its memory.
        .filter(([{ name, args }]) => name !== 'info' && !args.join().includes('{probe}'))
        .map(([{ name, args }]) => masked([name, ...args])),
      outbox: announced.mock.calls.map(([kind]) => kind),
      hashes: hashes.count,
    };
  } finally {
    statements.stop();
    vi.restoreAllMocks();
  }
}

/** Clears all challenges and rate limits of addresses. */
async function forgetCodes(): Promise<void> {
  const { redis } = app.runtime;
  const keys = [...(await redis.keys('code:*')), ...(await redis.keys('address:*'))];
  for (const key of keys) await redis.del(key);
}

let addresses = 100;

/** Traces a request of an unknown client for such an address. All addresses have the same length. */
async function traceFor(prepare: (owner: Person) => Promise<unknown>, operation: Operation) {
  addresses += 1;
  const owner = new Person(app, `person-${addresses}@example.com`);
  const [high, low] = [100 + Math.floor(addresses / 100), 100 + (addresses % 100)];
  const client = new Person(app, owner.email, `127.100.${high}.${low}`);
  await prepare(owner);
  await forgetCodes();
  const challengeId = await operation.before?.(client);
  return trace(() => operation.ask(client, challengeId));
}

it.each(Object.entries(operations))(
  'does the same work whether or not the address has an account: %s',
  async (_name, operation) => {
    const nothing = async () => undefined;
    // The first time Redis learns its scripts.
    await traceFor(nothing, operation);
    const expected = await traceFor(nothing, operation);
    const { hashes, outbox } = operation;
    expect(expected).toMatchObject({ hashes, outbox });
    expect(expected.statements.length).toBeGreaterThanOrEqual(3);
    expect(expected.commands.length).toBeGreaterThanOrEqual(1);
    for (const [kind, prepare] of Object.entries(kinds)) {
      expect(await traceFor(prepare, operation), kind).toEqual(expected);
    }
  },
);
