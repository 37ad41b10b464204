import { expect, it } from 'vitest';
import { transports } from '../equivalence/either-transport.ts';
import { Mover, undoSecretsOf } from '../support/address-changes.ts';
import { stepUp } from '../support/api-key.ts';
import { newAddress, useApp } from '../support/app.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { PasskeyFactorOwner } from '../support/passkey-factor-owner.ts';
import { many, manyCodes } from '../support/wide-limits.ts';

// What a thief of the mailbox keeps from before an undo. After ASVS 5.0 6.1.1 (nobody locks the owner
// out) and 6.4.4 (a lost factor is replaced only after a proof of the same strength).

const app = useApp({
  ...manyCodes,
  LIMIT_MAILED_CODES: '5/600',
  LIMIT_CHANGE_EMAIL: many,
});
const DAY = 24 * 3600;
const after = (days: number) => app.clock.advance({ seconds: days * DAY });

/** Confirms the identity of a signed-in person, who then moves. @returns the undo of the old mailbox */
async function move(owner: PasskeyFactorOwner, to = newAddress()) {
  await stepUp(app, owner);
  const mover = Object.assign(new Mover(app, owner.email, owner.from), { token: owner.token });
  expect(await mover.move(to)).toBeUndefined();
  await app.mailsDelivered();
  return () => mover.undo(undoSecretsOf(owner).at(-1));
}

const kinds = {
  TOTP: (owner: PasskeyFactorOwner) => owner.enroll(),
  PASSKEY: (owner: PasskeyFactorOwner) => owner.addPasskey(),
} as const;

it.each(['TOTP', 'PASSKEY'] as const)(
  'lets the old mailbox alone not sign in after the owner has replaced the factor: %s',
  async (kind) => {
    const ada = await PasskeyFactorOwner.create(app);
    expect((await kinds[kind](ada)).code).toBeUndefined();
    after(8);
    await (kind === 'TOTP' ? ada.enter() : ada.signInByPasskey());
    const undo = await move(ada);
    await stepUp(app, ada);
    const former = kind === 'PASSKEY' ? (await ada.passkeyIds())[0] : undefined;
    app.clock.advance({ seconds: 60 });
    expect((await kinds[kind](ada)).code).toBeUndefined();
    if (former) await ada.removePasskey(former);
    expect(await undo()).toBeUndefined();
    // The recovery codes are older than the change, as the factor was that they stood in for.
    const { code, members, challengeId } = await ada.redeem();
    expect([code, members.factors]).toEqual(['MFA_REQUIRED', ['RECOVERY_CODE']]);
    const [recoveryCode] = ada.recoveryCodes;
    expect((await ada.prove(challengeId, { recoveryCode })).code).toBeUndefined();
  },
);

it.each(transports)(
  'makes the client unknown from which a thief enrolled: %s',
  async (transport) => {
    const ada = new FactorOwner(app, transport);
    await ada.signUp();
    after(10);
    const thief = new FactorOwner(app, transport, { email: ada.email });
    thief.token = (await thief.signIn()).accessToken;
    await stepUp(app, thief);
    expect((await thief.enroll()).code).toBeUndefined();
    await app.mailsDelivered();
    const [secret] = ada.undoSecrets();
    expect((await ada.ask('undoFactorChange', { secret })).code).toBeUndefined();
    // Known clients have five codes in 10 minutes, all together.
    for (let n = 0; n < 5; n += 1) await thief.ask('requestOtp', { email: ada.email });
    expect((await thief.ask('requestOtp', { email: ada.email })).code).toBe('RATE_LIMITED');
    expect((await ada.ask('requestOtp', { email: ada.email })).code).toBeUndefined();
  },
);

it('makes the client unknown from which a thief changed the address', async () => {
  const ada = await PasskeyFactorOwner.create(app);
  after(10);
  const thief = new PasskeyFactorOwner(app, 'GraphQL', { email: ada.email });
  thief.token = (await thief.signIn()).accessToken;
  const undo = await move(thief);
  expect(await undo()).toBeUndefined();
  for (let n = 0; n < 5; n += 1) await thief.ask('requestOtp', { email: ada.email });
  expect((await thief.ask('requestOtp', { email: ada.email })).code).toBe('RATE_LIMITED');
  expect((await ada.ask('requestOtp', { email: ada.email })).code).toBeUndefined();
});

// The connection broke after the commit of a sign-in: Redis keeps its challenge for the next attempt.
it('spends no recovery code for a challenge that is used', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { challengeId = '' } = await ada.redeem();
  const { clock } = app;
  await app.sql('insert into redeemed_challenges (id, redeemed_at) values (?, ?)', [
    ...[challengeId, clock.now()],
  ]);
  const [recoveryCode] = ada.recoveryCodes;
  expect((await ada.prove(challengeId, { recoveryCode })).code).toBe('INVALID_OTP');
  const again = await ada.redeem();
  expect((await ada.prove(again.challengeId, { recoveryCode })).code).toBeUndefined();
});
