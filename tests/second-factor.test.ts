import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { transports } from './equivalence/either-transport.ts';
import { useApp } from './support/app.ts';
import { FactorOwner } from './support/factor-owner.ts';
import { PASSWORD, type Person, wrongCode } from './support/flow.ts';
import { rest } from './support/rest.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const app = useApp({
  ...manyCodes,
  LIMIT_FACTORS: many,
});

const claimsOf = (token: string) => decodeJwt<{ amr: string[]; auth_time: number }>(token);
const metadataOf = async (person: Person, event: string) => {
  await app.auditWritten();
  return (await person.events()).filter((row) => row.event === event).map((row) => row.metadata);
};

it.each(transports)('completes a sign-in with a code of the app: %s', async (transport) => {
  const ada = await FactorOwner.enrolled(app, transport);
  for (const [by, amr] of [
    ['requestOtp', ['otp', 'mfa']],
    ['login', ['pwd', 'otp', 'mfa']],
  ] as const) {
    const refused = await ada.redeem(by);
    expect(refused.members).toMatchObject({
      code: 'MFA_REQUIRED',
      factors: ['TOTP', 'RECOVERY_CODE'],
      challengeId: expect.stringMatching(/^(\d{4}-){9}\d{4}$/),
      expiresIn: 300,
    });
    expect(refused.members).not.toHaveProperty('accessToken');
    const entered = await ada.prove(refused.challengeId, { totp: ada.totp() });
    expect(entered.code).toBeUndefined();
    const { amr: methods, auth_time: signedInAt } = claimsOf(ada.token);
    expect(methods).toEqual(amr);
    expect(Math.abs(signedInAt - app.clock.now().getTime() / 1000)).toBeLessThan(20);
    app.clock.advance({ seconds: 60 });
    const { data } = await ada.refresh(String(entered.members.refreshToken));
    const refreshed = data?.refreshTokens.accessToken ?? '';
    expect(claimsOf(refreshed)).toMatchObject({ amr, auth_time: signedInAt });
    expect((await ada.me(refreshed)).data?.me.email).toBe(ada.email);
  }
  expect(await metadataOf(ada, 'FACTOR_VERIFIED')).toMatchObject([
    { factor: 'TOTP', sessionId: expect.any(String) },
    { factor: 'TOTP', sessionId: expect.any(String) },
  ]);
});

it('answers 403 over REST, with the names of REST', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { data } = await ada.requestOtp();
  await app.mailsDelivered();
  const body = {
    email: ada.email,
    otp: ada.codes().at(-1),
    challenge_id: data?.requestOtp.challengeId,
  };
  const refused = await rest(app, 'POST', '/auth/otp/verify', body, { from: ada.from });
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({
    type: expect.stringMatching(/\/problems\/mfa-required$/),
    code: 'MFA_REQUIRED',
    factors: ['TOTP', 'RECOVERY_CODE'],
    challenge_id: expect.any(String),
    expires_in: 300,
  });
  // The code is spent.
  expect((await rest(app, 'POST', '/auth/otp/verify', body, { from: ada.from })).status).toBe(400);
});

it('completes no sign-in by a code of registration, and none after a reset of the password', async () => {
  const ada = await FactorOwner.enrolled(app);
  await app.mailsDelivered();
  const before = ada.codes().length;
  await ada.forgotPassword();
  await ada.resetPassword(await ada.code(before + 1), 'candle-harbour-58');
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');
  // A registration of the address mails no code, and its challenge is none.
  await app.mailsDelivered();
  const mailed = ada.codes().length;
  const challengeId = (await ada.register()).data?.register.challengeId;
  await app.mailsDelivered();
  expect(ada.codes()).toHaveLength(mailed);
  expect((await ada.prove(challengeId, { totp: ada.totp() })).code).toBe('INVALID_OTP');
});

it('spends a code, and all earlier ones', async () => {
  const ada = await FactorOwner.enrolled(app);
  const next = ada.totp(1);
  const earlier = ada.totp();
  expect((await ada.prove((await ada.redeem()).challengeId, { totp: next })).code).toBeUndefined();
  const { challengeId } = await ada.redeem();
  expect((await ada.prove(challengeId, { totp: next })).code).toBe('INVALID_OTP');
  expect((await ada.prove(challengeId, { totp: earlier })).code).toBe('INVALID_OTP');
  app.clock.advance({ seconds: 60 });
  expect((await ada.prove(challengeId, { totp: ada.totp() })).code).toBeUndefined();
});

it('opens one session with one code of the app, however many sign-ins use it at once', async () => {
  const ada = await FactorOwner.enrolled(app);
  const challenges: (string | undefined)[] = [];
  for (let count = 0; count < 4; count += 1) challenges.push((await ada.redeem()).challengeId);
  const proof = { totp: ada.totp() };
  const codes = await Promise.all(challenges.map(async (id) => (await ada.prove(id, proof)).code));
  expect(codes.filter((code) => code === undefined)).toHaveLength(1);
});

it('opens one session per challenge, however many codes come at once', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { challengeId } = await ada.redeem();
  const proofs = ada.recoveryCodes.slice(0, 4).map((recoveryCode) => ({ recoveryCode }));
  const codes = await Promise.all(
    proofs.map(async (proof) => (await ada.prove(challengeId, proof)).code),
  );
  expect(codes.filter((code) => code === undefined)).toHaveLength(1);
  expect((await ada.prove(challengeId, { totp: ada.totp() })).code).toBe('INVALID_OTP');
});

it('accepts each recovery code once, in any notation, and notifies the owner', async () => {
  const ada = await FactorOwner.enrolled(app);
  expect(ada.recoveryCodes).toHaveLength(10);
  const [first = '', second = ''] = ada.recoveryCodes;
  const typed = ` ${first.toUpperCase().replaceAll('-', ' ')} `;
  const entered = await ada.prove((await ada.redeem()).challengeId, { recoveryCode: typed });
  expect(entered.code).toBeUndefined();
  expect(claimsOf(ada.token).amr).toEqual(['otp', 'mfa']);
  await app.mailsDelivered();
  expect(ada.mails().at(-1)).toContain('A recovery code was used');
  expect((await ada.ask('factors')).members).toEqual({
    kinds: ['TOTP', 'RECOVERY_CODE'],
    recoveryCodesLeft: 9,
  });
  const { challengeId } = await ada.redeem();
  expect((await ada.prove(challengeId, { recoveryCode: first })).code).toBe('INVALID_OTP');
  expect((await ada.prove(challengeId, { recoveryCode: second })).code).toBeUndefined();
  expect(await app.sql('select hash from recovery_codes')).not.toContainEqual({ hash: second });
});

it('accepts the challenge of nobody else, and none without the code', async () => {
  const ada = await FactorOwner.enrolled(app);
  const bob = await FactorOwner.enrolled(app);
  const { challengeId } = await bob.redeem();
  expect((await ada.prove(challengeId, { totp: ada.totp() })).code).toBe('INVALID_OTP');
  expect((await ada.prove('1', { totp: ada.totp() })).code).toBe('INVALID_OTP');
  const asked = (await ada.requestOtp()).data?.requestOtp.challengeId;
  expect((await ada.prove(asked, { totp: ada.totp() })).code).toBe('INVALID_OTP');
  // Nor does the challenge of a factor reset the password.
  const own = (await ada.redeem()).challengeId;
  expect((await ada.resetPassword('000000', PASSWORD, own)).code).toBe('INVALID_OTP');
  expect((await ada.prove(own, { totp: ada.totp() })).code).toBeUndefined();
});

it('closes a challenge after five wrong proofs, and counts them with wrong codes', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { challengeId } = await ada.redeem();
  const guess = (totp: string) =>
    new FactorOwner(app, 'GraphQL', { email: ada.email }).prove(challengeId, { totp });
  for (let count = 0; count < 5; count += 1) {
    expect((await guess(wrongCode(ada.totp()))).code).toBe('INVALID_OTP');
  }
  expect((await guess(ada.totp())).code).toBe('INVALID_OTP');
  // Clients that the address knows have guesses of their own.
  expect((await ada.prove(challengeId, { totp: ada.totp() })).code).toBeUndefined();

  const one = await ada.redeem();
  const wrong = { totp: wrongCode(ada.totp()) };
  const own: unknown[] = [];
  for (let count = 0; count < 6; count += 1)
    own.push((await ada.prove(one.challengeId, wrong)).code);
  expect(own.at(-1)).toBe('LOCKED');
  expect((await ada.verifyOtp('000000')).code).toBe('LOCKED');
  expect((await metadataOf(ada, 'FACTOR_FAILED')).length).toBeGreaterThan(5);
});

it('ends the challenge with the codes of the account, and after five minutes', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { challengeId } = await ada.redeem();
  await app.sql('update accounts set challenge_epoch = challenge_epoch + 1 where email = ?', [
    ada.email,
  ]);
  expect((await ada.prove(challengeId, { totp: ada.totp() })).code).toBe('INVALID_OTP');
});

it('rejects a proof of two factors, and of none', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { challengeId } = await ada.redeem();
  const [recoveryCode] = ada.recoveryCodes;
  for (const proof of [
    {},
    { totp: ada.totp(), recoveryCode },
    { totp: '12345' },
    { recoveryCode: 'x' },
  ]) {
    expect((await ada.prove(challengeId, proof)).code).toBe('BAD_USER_INPUT');
  }
  expect((await ada.prove(challengeId, { totp: ada.totp() })).code).toBeUndefined();
});

it.each(transports)('trusts no device unless the service allows it: %s', async (transport) => {
  const ada = await FactorOwner.enrolled(app, transport);
  const { challengeId } = await ada.redeem();
  const proof = { totp: ada.totp() };
  const { members } = await ada.prove(challengeId, { ...proof, trustDevice: true });
  expect(members.code).toBe('BAD_USER_INPUT');
  expect(JSON.stringify(members)).toContain('TRUSTED_DEVICE_DAYS');
  // The proof was not spent.
  expect((await ada.prove(challengeId, { ...proof, trustDevice: false })).code).toBeUndefined();
});
