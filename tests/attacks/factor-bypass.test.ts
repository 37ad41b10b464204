import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Transport, transports } from '../equivalence/either-transport.ts';
import { stepUp } from '../support/api-key.ts';
import { newAddress, useApp } from '../support/app.ts';
import { command } from '../support/command.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { PASSWORD } from '../support/flow.ts';
import { PasskeyFactorOwner } from '../support/passkey-factor-owner.ts';
import { many, manyCodes } from '../support/wide-limits.ts';

// After ASVS 5.0: 6.3.3 and 6.3.4 (no way around the factor), 6.4.3 (a reset removes none), 6.4.4
// (lost factors), 6.3.7 (notices), 7.4.3 (sessions end with the first factor), 7.5.1 and 7.5.3
// (changes need the factor), 10.4.4 (no other grants).

const app = useApp({
  ...manyCodes,
  LIMIT_FACTORS: many,
});

/** Somebody at a new client who reads the mails, and knows the password. */
const thiefOf = ({ email }: FactorOwner, transport: Transport = 'GraphQL') =>
  new FactorOwner(app, transport, { email });

const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: `${new URLSearchParams(fields)}`,
});

it.each(transports)('opens no session for a code and a password: %s', async (transport) => {
  const ada = await FactorOwner.enrolled(app, transport);
  const thief = thiefOf(ada, transport);
  for (const by of ['requestOtp', 'login'] as const) {
    const { code, members, challengeId } = await thief.redeem(by);
    expect(code).toBe('MFA_REQUIRED');
    expect(JSON.stringify(members)).not.toMatch(/eyJ/);
    // The challenge is no token.
    const asToken = { refreshToken: challengeId };
    expect((await thief.ask('refreshTokens', asToken)).code).toMatch(/^(INVALID_TOKEN|BAD_USER)/);
    expect((await thief.me(String(challengeId))).code).toBe('UNAUTHENTICATED');
  }
  await thief.forgotPassword();
  await app.mailsDelivered();
  const { email } = ada;
  const otp = thief.codes().at(-1);
  const reset = await thief.ask('resetPassword', { email, otp, password: 'amber-compass-91' });
  expect([reset.code, Object.keys(reset.members)]).toEqual([undefined, ['detail']]);
  const { challengeId } = await thief.ask('login', { email, password: 'amber-compass-91' });
  await app.mailsDelivered();
  const entered = await thief.ask('verifyOtp', { email, otp: thief.codes().at(-1), challengeId });
  expect(entered.code).toBe('MFA_REQUIRED');
});

it('has no grant that takes a code, a password or a challenge', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { challengeId = '' } = await thiefOf(ada).redeem();
  for (const fields of [
    { grant_type: 'password', username: ada.email, password: PASSWORD },
    { grant_type: 'authorization_code', code: challengeId },
    { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: challengeId },
    { grant_type: 'refresh_token', refresh_token: challengeId },
  ]) {
    const { status, text } = await app.fetch(
      '/oauth/token',
      form({ client_id: 'gatehouse', ...fields }),
    );
    expect(status).toBe(400);
    expect(JSON.parse(text).error).toMatch(/^(unsupported_grant_type|invalid_grant)$/);
  }
});

it.each(transports)('ends what began before the first factor: %s', async (transport) => {
  const ada = await FactorOwner.create(app, transport);
  const thief = thiefOf(ada, transport);
  const session = await thief.signIn();
  // A code that waits, a reset that waits, a step-up that waits.
  const { challengeId: signIn } = await thief.ask('requestOtp', { email: ada.email });
  await app.mailsDelivered();
  const otp = thief.codes().at(-1);
  thief.token = session.accessToken;
  await thief.ask('requestStepUp');
  expect((await ada.enroll()).code).toBeUndefined();
  const redeemed = await thief.ask('verifyOtp', { email: ada.email, otp, challengeId: signIn });
  expect(redeemed.code).toBe('INVALID_OTP');
  expect((await thief.refresh(session.refreshToken)).code).toBe('INVALID_TOKEN');
  const { status } = await app.fetch(
    '/oauth/token',
    form({
      ...{ grant_type: 'refresh_token', client_id: 'gatehouse' },
      refresh_token: session.refreshToken,
    }),
  );
  expect(status).toBe(400);
  for (const operation of ['factors', 'requestStepUp', 'passkeyRegistrationOptions'] as const) {
    expect((await thief.ask(operation)).code).toBe('UNAUTHENTICATED');
  }
});

it.each(transports)('enrols nothing for the thief of a stale session: %s', async (transport) => {
  const ada = await PasskeyFactorOwner.create(app, transport);
  await stepUp(app, ada, null);
  app.clock.advance({ seconds: 660 });
  for (const [operation, input] of [
    ['enrollTotp', {}],
    ['confirmTotp', { totp: '000000' }],
    ['passkeyRegistrationOptions', {}],
  ] as const) {
    const { code, members } = await ada.ask(operation, input);
    expect([operation, code]).toEqual([operation, 'STEP_UP_REQUIRED']);
    expect(members.proofs).toEqual(['PASSWORD', 'CODE']);
  }
  app.clock.advance({ seconds: -660 });
  expect((await ada.addPasskey()).code).toBeUndefined();
  await stepUp(app, ada, null);
  app.clock.advance({ seconds: 660 });
  for (const [operation, input] of [
    ['enrollTotp', {}],
    ['confirmTotp', { totp: '000000' }],
    ['passkeyRegistrationOptions', {}],
    ['renewRecoveryCodes', {}],
    ['removeTotp', {}],
    ['exportMyData', {}],
    ['changeEmail', { newEmail: newAddress() }],
    ['deleteMyAccount', {}],
    ['requestStepUp', {}],
    ['stepUp', { password: PASSWORD }],
    ['stepUp', { otp: '000000', challengeId: '1' }],
  ] as const) {
    const { code, members } = await ada.ask(operation, input);
    expect([operation, code]).toEqual([operation, 'STEP_UP_REQUIRED']);
    expect(members.proofs).toEqual(['PASSKEY', 'RECOVERY_CODE']);
  }
  // The helper names the ID in the path only over GraphQL.
  const same = Object.assign(new PasskeyFactorOwner(app, 'GraphQL', ada), { token: ada.token });
  const [id] = await same.passkeyIds();
  expect((await same.removePasskey(id)).code).toBe('STEP_UP_REQUIRED');
  app.clock.advance({ seconds: -660 });
});

it.each(transports)(
  'confirms no session by a code that was mailed before the factor: %s',
  async (transport) => {
    const ada = await PasskeyFactorOwner.create(app, transport);
    const { challengeId } = await ada.ask('requestStepUp');
    await app.mailsDelivered();
    const otp = ada.codes().at(-1);
    expect((await ada.addPasskey()).code).toBeUndefined();
    await stepUp(app, ada, null);
    for (const proof of [{ otp, challengeId }, { otp }, { password: PASSWORD }]) {
      expect((await ada.ask('stepUp', proof)).code).toBe('STEP_UP_REQUIRED');
    }
    expect((await ada.ask('enrollTotp')).code).toBe('STEP_UP_REQUIRED');
  },
);

it('puts no app of a thief in force that waited for its first code', async () => {
  const ada = await FactorOwner.create(app);
  const thief = thiefOf(ada);
  thief.token = (await thief.signIn()).accessToken;
  await stepUp(app, ada);
  thief.secret = String((await thief.ask('enrollTotp')).members.secret);
  // The newer call of the owner replaces the secret; the session of the thief ends.
  expect((await ada.enroll()).code).toBeUndefined();
  expect((await thief.ask('confirmTotp', { totp: thief.totp() })).code).toBe('UNAUTHENTICATED');
  app.clock.advance({ seconds: 60 });
  const { challengeId } = await thief.redeem();
  expect((await thief.prove(challengeId, { totp: thief.totp() })).code).toBe('INVALID_OTP');
  expect((await ada.enter()).code).toBeUndefined();
});

it('keeps the factor of an account that is imported again, registered again or promoted', async () => {
  const ada = await FactorOwner.enrolled(app);
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-factors-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'users.jsonl');
  writeFileSync(file, `${JSON.stringify({ email: ada.email, role: 'ADMIN' })}\n`);
  expect((await command(app, 'import', `jsonl --from ${file}`)).output).toContain('Created 0 ');
  await thiefOf(ada).register('amber-compass-91');
  const words = `--email ${ada.email}`;
  const password = { input: 'amber-compass-92\n' };
  expect((await command(app, 'createsuperuser', words, password)).code).toBe(0);
  const thief = thiefOf(ada);
  expect((await thief.redeem()).code).toBe('MFA_REQUIRED');
  const { challengeId } = await thief.ask('login', {
    ...{ email: ada.email, password: 'amber-compass-92' },
  });
  await app.mailsDelivered();
  const otp = thief.codes().at(-1);
  expect((await thief.ask('verifyOtp', { email: ada.email, otp, challengeId })).code).toBe(
    'MFA_REQUIRED',
  );
});

it('tells the owner of each change of the factors', async () => {
  const ada = await PasskeyFactorOwner.create(app);
  const titles = [
    [() => ada.enroll(), 'now needs a second step'],
    [() => ada.addPasskey(), 'A passkey was added'],
    [() => ada.ask('renewRecoveryCodes'), 'recovery codes'],
    [() => ada.ask('removeTotp'), 'A second step was removed'],
    [async () => ada.removePasskey((await ada.passkeyIds())[0]), 'A passkey was removed'],
  ] as const;
  for (const [change, title] of titles) {
    await app.mailsDelivered();
    const before = ada.mails().length;
    expect((await change()).code).toBeUndefined();
    await app.mailsDelivered();
    expect(ada.mails().slice(before).join()).toContain(title);
  }
});
