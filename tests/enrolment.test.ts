import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { transports } from './equivalence/either-transport.ts';
import { stepUp } from './support/api-key.ts';
import { useApp } from './support/app.ts';
import { FactorOwner } from './support/factor-owner.ts';
import { PASSWORD, Person, wrongCode } from './support/flow.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const WEEK = 7 * 24 * 3600;
const app = useApp({
  ...manyCodes,
  LIMIT_FACTORS: many,
});

it.each(transports)('enrols an app with its first code: %s', async (transport) => {
  const ada = await FactorOwner.create(app, transport);
  const { members } = await ada.ask('enrollTotp');
  expect(members).toMatchObject({
    secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
    uri: expect.stringContaining(`secret=${String(members.secret)}`),
    qrCode: expect.stringMatching(/^<svg /),
    expiresIn: 600,
  });
  ada.secret = String(members.secret);
  expect((await ada.ask('confirmTotp', { totp: wrongCode(ada.totp()) })).code).toBe(
    'BAD_USER_INPUT',
  );
  expect((await ada.ask('factors')).members).toEqual({ kinds: [], recoveryCodesLeft: 0 });
  expect((await ada.redeem()).code).toBeUndefined();
  const confirmed = await ada.ask('confirmTotp', { totp: ada.totp() });
  expect(confirmed.members.recoveryCodes).toHaveLength(10);
  expect((await ada.ask('factors')).members).toEqual({
    kinds: ['TOTP', 'RECOVERY_CODE'],
    recoveryCodesLeft: 10,
  });
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');
});

it('needs a step-up for each change, with the factor once there is one', async () => {
  const ada = await FactorOwner.enrolled(app);
  await stepUp(app, ada, null);
  for (const operation of [
    'enrollTotp',
    'confirmTotp',
    'removeTotp',
    'renewRecoveryCodes',
  ] as const) {
    const input = operation === 'confirmTotp' ? { totp: ada.totp() } : {};
    const refused = await ada.ask(operation, input);
    expect(refused.members).toMatchObject({
      code: 'STEP_UP_REQUIRED',
      proofs: ['TOTP', 'RECOVERY_CODE'],
    });
  }
  expect((await ada.ask('requestStepUp')).code).toBe('STEP_UP_REQUIRED');
  expect((await ada.ask('stepUp', { password: PASSWORD })).code).toBe('STEP_UP_REQUIRED');
  expect((await ada.ask('stepUp', { totp: wrongCode(ada.totp()) })).code).toBe('INVALID_OTP');
  expect((await ada.ask('removeTotp')).code).toBe('STEP_UP_REQUIRED');
  const totp = ada.totp();
  expect((await ada.ask('stepUp', { totp })).code).toBeUndefined();
  expect((await ada.ask('stepUp', { totp })).code).toBe('INVALID_OTP');
  expect((await ada.ask('removeTotp')).code).toBeUndefined();
  expect((await ada.ask('factors')).members).toEqual({ kinds: [], recoveryCodesLeft: 0 });
  expect((await ada.redeem()).code).toBeUndefined();
  await app.mailsDelivered();
  expect(ada.mails().join()).toContain('A second step was removed');
});

it('compares few codes in step-ups, of all clients together', async () => {
  const ada = await FactorOwner.enrolled(app);
  const guesses = Array.from({ length: 60 }, (_, n) => {
    const thief = Object.assign(new FactorOwner(app, 'GraphQL', { email: ada.email }), ada);
    thief.from = `127.9.${n}.1`;
    return thief.ask('stepUp', { totp: wrongCode(ada.totp()) });
  });
  const codes = (await Promise.all(guesses)).map(({ code }) => code);
  expect(codes.filter((code) => code === 'INVALID_OTP')).toHaveLength(5);
  // For the rest, the limit was reached or the session had ended.
  expect(codes.filter((code) => code === 'LOCKED' || code === 'UNAUTHENTICATED')).toHaveLength(55);
  expect((await ada.ask('stepUp', { totp: ada.totp() })).code).toBe('UNAUTHENTICATED');
  // The owner is at a client that is known, which has a limit of its own.
  expect((await ada.enter()).code).toBeUndefined();
});

it('ends all other sessions and codes with the first factor, and none with a replaced app', async () => {
  const ada = await FactorOwner.create(app);
  const other = await new Person(app, ada.email).signIn();
  const { data } = await ada.requestOtp();
  await app.mailsDelivered();
  await ada.enroll();
  expect((await ada.me(other.accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await ada.me(ada.token)).code).toBeUndefined();
  const code = ada.codes().at(-1) ?? '';
  expect((await ada.verifyOtp(code, data?.requestOtp.challengeId)).code).toBe('INVALID_OTP');
  const refreshed = await ada.refresh(ada.refreshToken);
  const { accessToken } = refreshed.data?.refreshTokens ?? { accessToken: '' };
  expect(decodeJwt(accessToken).amr).toEqual(['otp', 'mfa']);

  app.clock.advance({ seconds: 30 });
  const phone = Object.assign(new FactorOwner(app, 'GraphQL', ada), { secret: ada.secret });
  await phone.enter();
  const former = ada.secret;
  const codes = ada.recoveryCodes;
  app.clock.advance({ seconds: 30 });
  expect((await ada.enroll()).members.recoveryCodes).toEqual([]);
  expect((await ada.me(phone.token)).code).toBeUndefined();
  app.clock.advance({ seconds: 30 });
  phone.secret = former;
  expect((await phone.enter()).code).toBe('INVALID_OTP');
  phone.secret = ada.secret;
  expect((await phone.enter()).code).toBeUndefined();
  const recovery = { recoveryCode: codes[0] };
  expect((await phone.prove((await phone.redeem()).challengeId, recovery)).code).toBeUndefined();
});

it('confirms an app only in the session that asked for it, and for 10 minutes', async () => {
  const ada = await FactorOwner.create(app);
  const laptop = Object.assign(new FactorOwner(app, 'GraphQL', ada), { token: '' });
  laptop.token = (await laptop.signIn()).accessToken;
  await stepUp(app, ada);
  ada.secret = String((await ada.ask('enrollTotp')).members.secret);
  expect((await laptop.ask('confirmTotp', { totp: ada.totp() })).code).toBe('BAD_USER_INPUT');
  app.clock.advance({ seconds: 600 });
  await stepUp(app, ada);
  expect((await ada.ask('confirmTotp', { totp: ada.totp() })).code).toBe('BAD_USER_INPUT');
  app.clock.advance({ seconds: -600 });
});

it('renews the recovery codes', async () => {
  const ada = await FactorOwner.enrolled(app);
  const [old] = ada.recoveryCodes;
  const { members } = await ada.ask('renewRecoveryCodes');
  const [fresh] = members.recoveryCodes as string[];
  const { challengeId } = await ada.redeem();
  expect((await ada.prove(challengeId, { recoveryCode: old })).code).toBe('INVALID_OTP');
  expect((await ada.prove(challengeId, { recoveryCode: fresh })).code).toBeUndefined();
});

it('encrypts the secret, so that the database reveals no code', async () => {
  const ada = await FactorOwner.enrolled(app);
  const rows = JSON.stringify(await app.sql('select * from totp_factors'));
  expect(rows).not.toContain(ada.secret);
  expect(rows).toContain('sealed_secret');
});

it.each(transports)(
  'undoes a first factor for 7 days, by the mailed secret: %s',
  async (transport) => {
    const ada = await FactorOwner.enrolled(app, transport);
    await app.mailsDelivered();
    const [secret = ''] = ada.undoSecrets();
    expect((await ada.ask('undoFactorChange', { secret: 'x' })).code).toBe('INVALID_OTP');
    app.clock.advance({ seconds: WEEK - 60 });
    expect((await ada.ask('undoFactorChange', { secret })).code).toBeUndefined();
    expect((await ada.ask('undoFactorChange', { secret })).code).toBe('INVALID_OTP');
    const { data } = await ada.refresh(ada.refreshToken);
    expect(data).toBeFalsy();
    expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
    expect((await ada.redeem()).code).toBeUndefined();
    await app.mailsDelivered();
    expect(ada.mails().join()).toContain('Two-step sign-in was undone');
  },
);

it('undoes nothing after 7 days, nor a further factor', async () => {
  const ada = await FactorOwner.enrolled(app);
  await ada.enroll();
  await app.mailsDelivered();
  const secrets = ada.undoSecrets();
  expect(secrets).toHaveLength(1);
  app.clock.advance({ seconds: WEEK });
  expect((await ada.ask('undoFactorChange', { secret: secrets[0] })).code).toBe('INVALID_OTP');
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');
});
