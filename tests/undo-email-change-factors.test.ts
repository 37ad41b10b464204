import { expect, it } from 'vitest';
import { ResetUserFactorsDocument } from '../client/generated/graphql.ts';
import { Mover, undoSecretsOf } from './support/address-changes.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { stepUp } from './support/api-key.ts';
import { newAddress, useApp } from './support/app.ts';
import { PasskeyFactorOwner } from './support/passkey-factor-owner.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const DAY = 24 * 3600;
const app = useApp({
  ...manyCodes,
  LIMIT_CHANGE_EMAIL: many,
  FACTOR_RESET_HOURS: '48',
});

const after = (days: number) => app.clock.advance({ seconds: days * DAY });

/** Confirms the identity of a signed-in person, who then moves to a new address. */
async function move(owner: PasskeyFactorOwner, to = newAddress()) {
  await stepUp(app, owner);
  const mover = Object.assign(new Mover(app, owner.email, owner.from), { token: owner.token });
  expect(await mover.move(to)).toBeUndefined();
  await app.mailsDelivered();
  const secret = undoSecretsOf(owner).at(-1);
  return { undo: () => mover.undo(secret) };
}

async function removals(owner: PasskeyFactorOwner) {
  await app.auditWritten();
  const events = await owner.events();
  return events.filter(({ event }) => event === 'FACTOR_REMOVED').map(({ metadata }) => metadata);
}

const kinds = {
  TOTP: {
    enrol: (owner: PasskeyFactorOwner) => owner.enroll(),
    enter: (owner: PasskeyFactorOwner) => owner.enter(),
  },
  PASSKEY: {
    enrol: (owner: PasskeyFactorOwner) => owner.addPasskey(),
    enter: (owner: PasskeyFactorOwner) => owner.signInByPasskey(),
  },
} as const;

it.each(['TOTP', 'PASSKEY'] as const)(
  'removes a factor that came in the week before the change, and no older one: %s',
  async (kind) => {
    const { enrol, enter } = kinds[kind];
    for (const { days, isLeft } of [
      { days: 6, isLeft: false },
      { days: 8, isLeft: true },
    ]) {
      const ada = await PasskeyFactorOwner.create(app);
      expect((await enrol(ada)).code).toBeUndefined();
      after(days);
      expect((await enter(ada)).code).toBeUndefined();
      const { undo } = await move(ada);
      expect(await undo()).toBeUndefined();
      expect((await ada.redeem()).code).toBe(isLeft ? 'MFA_REQUIRED' : undefined);
      expect(await removals(ada)).toMatchObject(
        isLeft ? [] : [{ factor: kind, by: 'undoEmailChange' }],
      );
      if (!isLeft) continue;
      app.clock.advance({ seconds: 60 });
      expect((await enter(ada)).code).toBeUndefined();
    }
  },
);

it.each(['TOTP', 'PASSKEY'] as const)(
  'removes a further factor and renewed recovery codes, and keeps an older factor: %s',
  async (old) => {
    const recent = old === 'TOTP' ? 'PASSKEY' : 'TOTP';
    const ada = await PasskeyFactorOwner.create(app);
    await kinds[old].enrol(ada);
    after(8);
    await kinds[old].enter(ada);
    const { undo } = await move(ada);
    await stepUp(app, ada);
    expect((await kinds[recent].enrol(ada)).code).toBeUndefined();
    expect((await ada.ask('renewRecoveryCodes')).code).toBeUndefined();
    expect(await undo()).toBeUndefined();
    app.clock.advance({ seconds: 60 });
    expect((await ada.redeem()).members.factors).toEqual([old]);
    expect((await kinds[old].enter(ada)).code).toBeUndefined();
    expect((await ada.ask('factors')).members).toEqual({ kinds: [old], recoveryCodesLeft: 0 });
  },
);

it('ends the undo of a factor that was mailed to the address of the thief', async () => {
  const ada = await PasskeyFactorOwner.create(app);
  const thief = new PasskeyFactorOwner(app, 'GraphQL', { email: newAddress() });
  thief.token = ada.token;
  const { undo } = await move(ada, thief.email);
  await stepUp(app, thief);
  expect((await thief.enroll()).code).toBeUndefined();
  await app.mailsDelivered();
  const [stolen] = thief.undoSecrets();
  expect(stolen).toBeDefined();
  expect(await undo()).toBeUndefined();

  // The owner protects the account with a factor. The thief has a link that is not 7 days old.
  ada.token = String((await ada.redeem()).members.accessToken);
  await stepUp(app, ada);
  app.clock.advance({ seconds: 60 });
  expect((await ada.enroll()).code).toBeUndefined();
  expect((await thief.ask('undoFactorChange', { secret: stolen })).code).toBe('INVALID_OTP');
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');
});

it('cancels a reset that was ordered meanwhile', async () => {
  const ada = await PasskeyFactorOwner.create(app);
  await ada.enroll();
  after(8);
  await ada.enter();
  const { undo } = await move(ada);
  const admin = await Administrator.create(app);
  const [{ id } = { id: '' }] = await app.sql<{ id: string }>(
    'select account_id as id from email_changes where old_email = ?',
    [ada.email],
  );
  expect((await admin.change(ResetUserFactorsDocument, { id })).code).toBeUndefined();
  expect(await undo()).toBeUndefined();
  expect(await idOf(app, ada)).toBe(id);
  after(3);
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');
  await app.auditWritten();
  const cancelled = (await ada.events()).filter(({ event }) => event === 'FACTOR_RESET_CANCELLED');
  expect(cancelled.map(({ metadata }) => metadata)).toEqual([{ by: 'undoEmailChange' }]);
});
