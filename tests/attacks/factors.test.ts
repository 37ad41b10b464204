import { expect, it } from 'vitest';
import { type Transport, transports } from '../equivalence/either-transport.ts';
import { newAddress, useApp } from '../support/app.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { wrongCode } from '../support/flow.ts';
import { many, manyCodes } from '../support/wide-limits.ts';

// After ASVS 5.0: 6.1.1 (nobody locks the owner out), 6.3.1 and 6.6.3 (guesses), 6.5.1 (used once),
// 6.5.2 (recovery codes), 6.5.5 (lifetime), 6.6.2 (bound to one sign-in), 15.4.2 (races).

const app = useApp({
  ...manyCodes,
  LIMIT_FACTORS: many,
  LIMIT_VERIFY_FACTOR: '30/600',
});

/** Returns somebody at a new client who reads the mails of this person. */
const elsewhere = ({ email, secret }: FactorOwner, transport: Transport = 'GraphQL'): FactorOwner =>
  Object.assign(new FactorOwner(app, transport, { email }), { secret });

const isRight = (code: unknown) => code === undefined;

it.each(transports)(
  'compares 20 codes of an app, over all sign-ins and clients of who reads the mails: %s',
  async (transport) => {
    const ada = await FactorOwner.enrolled(app, transport);
    const signIns: [FactorOwner, string | undefined][] = [];
    for (let count = 0; count < 8; count += 1) {
      const thief = elsewhere(ada, transports[count % 2]);
      signIns.push([thief, (await thief.redeem()).challengeId]);
    }
    const totp = wrongCode(ada.totp());
    const guesses = signIns.map(async ([thief, challengeId]) => {
      const codes: unknown[] = [];
      for (let count = 0; count < 4; count += 1) {
        codes.push((await thief.prove(challengeId, { totp })).code);
      }
      return codes;
    });
    const codes = (await Promise.all(guesses)).flat();
    expect(codes.filter((code) => code === 'INVALID_OTP')).toHaveLength(20);
    expect(codes.filter((code) => code === 'LOCKED')).toHaveLength(12);
    // The right code comes too late, in an old and in a new sign-in.
    const [[thief, challengeId] = []] = signIns;
    expect((await thief?.prove(challengeId, { totp: ada.totp() }))?.code).toBe('LOCKED');
    const later = elsewhere(ada, transport);
    const fresh = (await later.redeem()).challengeId;
    expect((await later.prove(fresh, { totp: ada.totp() })).code).toBe('LOCKED');
    // A recovery code cannot be guessed, and the known client has guesses of its own.
    const [recoveryCode] = ada.recoveryCodes;
    expect((await later.prove(fresh, { recoveryCode })).code).toBeUndefined();
    expect((await ada.enter()).code).toBeUndefined();
  },
);

// Before: 20 requests with any challenge id locked the owner out of each new client for a day.
it.each(transports)(
  'lets nobody without the mailed code use up the guesses of the owner: %s',
  async (transport) => {
    const ada = await FactorOwner.enrolled(app, transport);
    const outsiders = Array.from({ length: 30 }, (_, n) =>
      elsewhere(ada, transports[n % 2]).prove(String(n), { totp: '000000' }),
    );
    const codes = (await Promise.all(outsiders)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['INVALID_OTP']));
    expect((await elsewhere(ada, transport).enter()).code).toBeUndefined();
  },
);

it('limits what one client tries about all addresses, however it sends it', async () => {
  const { from } = new FactorOwner(app);
  const tries = Array.from({ length: 45 }, (_, n) =>
    new FactorOwner(app, transports[n % 2], { email: newAddress(), from }).prove('1', {
      totp: '000000',
    }),
  );
  const codes = (await Promise.all(tries)).map(({ code }) => code);
  expect(codes.filter((code) => code === 'INVALID_OTP')).toHaveLength(30);
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(15);
});

it('accepts a code of the app once, whether for a sign-in or a step-up, at the same time', async () => {
  const ada = await FactorOwner.enrolled(app);
  const signIns = [];
  for (const transport of transports) {
    const client = elsewhere(ada, transport);
    signIns.push([client, (await client.redeem()).challengeId] as const);
  }
  const totp = ada.totp();
  const uses = await Promise.all([
    ...signIns.map(([client, challengeId]) => client.prove(challengeId, { totp })),
    ...transports.map((transport) =>
      Object.assign(elsewhere(ada, transport), { token: ada.token }).ask('stepUp', { totp }),
    ),
  ]);
  expect(uses.filter(({ code }) => isRight(code))).toHaveLength(1);
  expect((await ada.ask('stepUp', { totp })).code).toBe('INVALID_OTP');
});

it('accepts a recovery code once, whether for a sign-in or a step-up, at the same time', async () => {
  const ada = await FactorOwner.enrolled(app);
  const signIns = [];
  for (const transport of transports) {
    const client = elsewhere(ada, transport);
    signIns.push([client, (await client.redeem()).challengeId] as const);
  }
  const [recoveryCode] = ada.recoveryCodes;
  const uses = await Promise.all([
    ...signIns.map(([client, challengeId]) => client.prove(challengeId, { recoveryCode })),
    ada.ask('stepUp', { recoveryCode }),
  ]);
  expect(uses.filter(({ code }) => isRight(code))).toHaveLength(1);
  expect((await ada.ask('factors')).members.recoveryCodesLeft).toBe(9);
});

it('accepts no spent step in a neighbouring window, and none that is older than a minute', async () => {
  const ada = await FactorOwner.enrolled(app);
  const prove = async (totp: string) => (await ada.ask('stepUp', { totp })).code;
  const [current, next] = [ada.totp(), ada.totp(1)];
  expect(await prove(current)).toBeUndefined();
  app.clock.advance({ seconds: 30 });
  // It is now the code before the current one, which is accepted if it is not spent.
  expect(await prove(current)).toBe('INVALID_OTP');
  expect(await prove(next)).toBeUndefined();
  app.clock.advance({ seconds: 30 });
  for (const spent of [current, next]) expect(await prove(spent)).toBe('INVALID_OTP');
  const kept = ada.totp();
  app.clock.advance({ seconds: 60 });
  expect(await prove(kept)).toBe('INVALID_OTP');
  const before = ada.totp(-1);
  expect(await prove(before)).toBeUndefined();
});

it('spends the code that confirms an app', async () => {
  const ada = await FactorOwner.create(app);
  ada.secret = String((await ada.ask('enrollTotp')).members.secret);
  const totp = ada.totp();
  expect((await ada.ask('confirmTotp', { totp })).code).toBeUndefined();
  expect((await ada.ask('stepUp', { totp })).code).toBe('INVALID_OTP');
  const { challengeId } = await ada.redeem();
  expect((await ada.prove(challengeId, { totp })).code).toBe('INVALID_OTP');
});

it.each(transports)(
  'accepts a challenge for its own purpose and account only: %s',
  async (transport) => {
    const ada = await FactorOwner.enrolled(app, transport);
    const bob = await FactorOwner.enrolled(app, transport);
    const { challengeId } = await ada.redeem();
    const { challengeId: ofBob } = await bob.redeem();
    const { email } = ada;
    const totp = ada.totp();
    // The id of a factor's challenge with a code of the app, where a mailed code belongs.
    for (const otp of [totp, 'factor']) {
      for (const [operation, more] of [
        ['verifyOtp', { email }],
        ['resetPassword', { email, password: 'amber-compass-91' }],
        ['confirmEmailChange', {}],
      ] as const) {
        const { code } = await ada.ask(operation, { otp, challengeId, ...more });
        expect(code, operation).toMatch(/^(INVALID_OTP|BAD_USER_INPUT)$/);
      }
    }
    const mailed = [
      (await ada.ask('requestOtp', { email })).challengeId,
      (await ada.ask('forgotPassword', { email })).challengeId,
      (await ada.ask('register', { email, password: 'amber-compass-91' })).challengeId,
    ];
    for (const id of [...mailed, ofBob]) {
      const client = elsewhere(ada, transport);
      expect((await client.prove(id, { totp })).code).toBe('INVALID_OTP');
    }
    expect((await ada.prove(challengeId, { totp })).code).toBeUndefined();
  },
);

it('ends recovery codes with their renewal, their factor and its undo', async () => {
  const ada = await FactorOwner.enrolled(app);
  const former = [...ada.recoveryCodes];
  const use = async (recoveryCode: string | undefined) =>
    (await ada.ask('stepUp', { recoveryCode })).code;
  expect(await use(former[0])).toBeUndefined();
  const renewed = (await ada.ask('renewRecoveryCodes')).members.recoveryCodes as string[];
  for (const code of former.slice(0, 3)) expect(await use(code)).toBe('INVALID_OTP');
  expect(await use(renewed[0])).toBeUndefined();

  expect((await ada.ask('removeTotp')).code).toBeUndefined();
  app.clock.advance({ seconds: 60 });
  const again = (await ada.enroll()).members.recoveryCodes as string[];
  expect(await use(renewed[1])).toBe('INVALID_OTP');
  expect(await use(again[0])).toBeUndefined();

  await app.mailsDelivered();
  const secret = ada.undoSecrets().at(-1);
  expect((await ada.ask('undoFactorChange', { secret })).code).toBeUndefined();
  const rows = await app.sql(
    'select r.hash from recovery_codes r join accounts a on a.id = r.account_id where a.email = ?',
    [ada.email],
  );
  expect(rows).toEqual([]);
});

// Before: a stolen access token used up the 20 guesses a day of the owner.
it.each(transports)(
  'ends a session with its fifth wrong code of the app, and leaves the owner the guesses: %s',
  async (transport) => {
    const ada = await FactorOwner.enrolled(app, transport);
    const thieves = Array.from({ length: 30 }, (_, n) =>
      Object.assign(elsewhere(ada, transports[n % 2]), { token: ada.token }),
    );
    const guesses = thieves.map((thief) => thief.ask('stepUp', { totp: '000000' }));
    const codes = (await Promise.all(guesses)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'INVALID_OTP')).toHaveLength(5);
    expect((await ada.me(ada.token)).code).toBe('UNAUTHENTICATED');
    await app.mailsDelivered();
    const alarms = ada.mails().filter((raw) => raw.includes('after wrong passwords or codes'));
    expect(alarms).toHaveLength(1);
    // From another client that is as unknown as the thieves are.
    expect((await elsewhere(ada, transport).enter()).code).toBeUndefined();
    const other = elsewhere(ada, transport);
    const { challengeId } = await other.redeem();
    for (const _ of Array(4)) {
      expect((await other.prove(challengeId, { totp: '000000' })).code).toBe('INVALID_OTP');
    }
  },
);
