import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { ResetUserFactorsDocument } from '../client/generated/graphql.ts';
import { transports } from './equivalence/either-transport.ts';
import { Mover, undoSecretsOf } from './support/address-changes.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { stepUp } from './support/api-key.ts';
import { newAddress, useApp } from './support/app.ts';
import { PASSWORD } from './support/flow.ts';
import { PasskeyFactorOwner } from './support/passkey-factor-owner.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const DAY = 24 * 3600;
const app = useApp({
  ...manyCodes,
  LIMIT_FACTORS: many,
  LIMIT_PASSKEY_CHANGES: many,
  LIMIT_WRONG_CODES: many,
  FACTOR_RESET_HOURS: '48',
});

const amrOf = (token: string) => decodeJwt<{ amr: string[] }>(token).amr;
const metadataOf = async (owner: PasskeyFactorOwner, event: string) => {
  await app.auditWritten();
  return (await owner.events()).filter((row) => row.event === event).map((row) => row.metadata);
};

it.each(transports)('asks for the passkey after a mailed code: %s', async (transport) => {
  const ada = await PasskeyFactorOwner.enrolled(app, transport);
  for (const [by, first] of [
    ['requestOtp', ['otp']],
    ['login', ['pwd', 'otp']],
  ] as const) {
    const refused = await ada.redeem(by);
    expect(refused.code).toBe('MFA_REQUIRED');
    expect(refused.members.factors).toEqual(['PASSKEY', 'RECOVERY_CODE']);
    const passkey = await ada.forSignIn(refused.challengeId);
    expect((await ada.prove(refused.challengeId, { passkey })).code).toBeUndefined();
    expect(amrOf(ada.token)).toEqual([...first, 'pop', 'user', 'mfa']);
    expect((await ada.me(ada.token)).data?.me.email).toBe(ada.email);
  }
  const used = { factor: 'PASSKEY', passkey: expect.any(String), sessionId: expect.any(String) };
  expect(await metadataOf(ada, 'FACTOR_VERIFIED')).toMatchObject([used, used]);
});

it.each(transports)('treats the first passkey like the first app: %s', async (transport) => {
  const ada = await PasskeyFactorOwner.create(app, transport);
  const other = await ada.signIn();
  const pending = (await ada.requestOtp()).data?.requestOtp.challengeId;
  await app.mailsDelivered();
  const otp = ada.codes().at(-1);
  const added = await ada.addPasskey();
  expect(added.code).toBeUndefined();
  expect(added.members.recoveryCodes).toHaveLength(10);
  // The session that added it stays, with the methods of the passkey; others and all codes end.
  expect((await ada.me(ada.token)).code).toBeUndefined();
  expect((await ada.refresh(other.refreshToken)).code).toBe('INVALID_TOKEN');
  const spent = await ada.ask('verifyOtp', { email: ada.email, otp, challengeId: pending });
  expect(spent.code).toBe('INVALID_OTP');
  await app.mailsDelivered();
  expect(ada.mails().at(-1)).toContain('now needs a second step');
  expect(ada.undoSecrets()).toHaveLength(1);
  expect((await ada.ask('factors')).members).toEqual({
    kinds: ['PASSKEY', 'RECOVERY_CODE'],
    recoveryCodesLeft: 10,
  });
  expect(await metadataOf(ada, 'FACTOR_ENROLLED')).toMatchObject([
    { factor: 'PASSKEY', first: true },
  ]);

  const further = await ada.addPasskey();
  expect(further.members.recoveryCodes).toEqual([]);
  await app.mailsDelivered();
  expect(ada.mails().at(-1)).toContain('A passkey was added');
  expect(ada.undoSecrets()).toHaveLength(1);
  const [recoveryCode] = ada.recoveryCodes;
  const proved = await ada.prove((await ada.redeem()).challengeId, { recoveryCode });
  expect(proved.code).toBeUndefined();
});

it.each(transports)('accepts only a factor for a step-up: %s', async (transport) => {
  const ada = await PasskeyFactorOwner.enrolled(app, transport);
  await ada.enterByPasskey();
  for (const refused of [
    await ada.ask('requestStepUp'),
    await ada.ask('stepUp', { password: PASSWORD }),
    await ada.ask('exportMyData'),
  ]) {
    expect(refused.code).toBe('STEP_UP_REQUIRED');
    expect(refused.members.proofs).toEqual(['PASSKEY', 'RECOVERY_CODE']);
  }
  const { options } = (await ada.ask('passkeyStepUpOptions')).members;
  expect(options).toMatchObject({
    userVerification: 'required',
    allowCredentials: [{ type: 'public-key', id: ada.authenticator.credentials[0]?.id }],
  });
  const passkey = await ada.forStepUp();
  expect((await ada.ask('stepUp', { passkey })).code).toBeUndefined();
  expect((await ada.ask('exportMyData')).code).toBeUndefined();
  expect((await ada.ask('stepUp', { passkey })).code).toBe('INVALID_OTP');
});

it('accepts a response for its own sign-in only, and once', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const bob = await PasskeyFactorOwner.enrolled(app);
  const phone = ada.token;
  await ada.enterByPasskey();
  const { challengeId: other } = await ada.redeem();
  type Respond = (id: string | undefined) => Promise<unknown>;
  const wrong: Respond[] = [
    () => ada.forSignIn(other),
    () => ada.forSignIn('1'),
    () => ada.alone(),
    () => ada.forStepUp(),
    (id) => bob.forSignIn(id),
    (id) => ada.forSignIn(id, { isUnverified: true }),
    (id) => ada.forSignIn(id, { origin: 'https://login.example.net' }),
    (id) => ada.forSignIn(id, { userHandle: 'AAAA' }),
  ];
  // Four wrong proofs leave a challenge its last guess.
  for (const group of [wrong.slice(0, 4), wrong.slice(4)]) {
    const { challengeId } = await ada.redeem();
    for (const respond of group) {
      const proof = { passkey: await respond(challengeId) };
      expect((await ada.prove(challengeId, proof)).code, String(respond)).toBe('INVALID_OTP');
    }
    const passkey = await ada.forSignIn(challengeId);
    expect((await ada.prove(challengeId, { passkey })).code).toBeUndefined();
  }
  const { challengeId } = await ada.redeem();
  const passkey = await ada.forSignIn(challengeId);
  const tries = Array.from({ length: 4 }, () => ada.prove(challengeId, { passkey }));
  const codes = (await Promise.all(tries)).map(({ code }) => code);
  expect(codes.filter((code) => code === undefined)).toHaveLength(1);
  const { challengeId: later } = await ada.redeem();
  expect((await ada.prove(later, { passkey })).code).toBe('INVALID_OTP');
  // A response for a sign-in neither signs in alone, nor confirms a session.
  const credential = await ada.forSignIn(later);
  expect((await ada.ask('signInWithPasskey', { credential })).code).toBe('INVALID_CREDENTIALS');
  expect((await ada.ask('stepUp', { passkey: credential })).code).toBe('INVALID_OTP');
  const elsewhere = Object.assign(new PasskeyFactorOwner(app, 'GraphQL', ada), { token: phone });
  expect((await elsewhere.ask('stepUp', { passkey: await ada.forStepUp() })).code).toBe(
    'INVALID_OTP',
  );
});

it('records a counter that went back', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const counting = async (signCount: number) => {
    const { challengeId } = await ada.redeem();
    const passkey = await ada.forSignIn(challengeId, { signCount });
    return (await ada.prove(challengeId, { passkey })).code;
  };
  expect(await counting(7)).toBeUndefined();
  expect(await counting(6)).toBe('INVALID_OTP');
  expect(await counting(8)).toBeUndefined();
  expect(await metadataOf(ada, 'FACTOR_FAILED')).toMatchObject([
    { factor: 'PASSKEY', reason: 'COUNTER', passkey: expect.any(String) },
  ]);
});

it('tells the owner of a copied passkey once a day, whatever it is used for', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const notices = async () => {
    await app.mailsDelivered();
    return ada.mails().filter((mail) => mail.includes('A passkey may have been copied')).length;
  };
  const uses = [
    async () => {
      const { challengeId } = await ada.redeem();
      const passkey = await ada.forSignIn(challengeId, { signCount: 3 });
      return (await ada.prove(challengeId, { passkey })).code;
    },
    async () => (await ada.ask('stepUp', { passkey: await ada.forStepUp({ signCount: 3 }) })).code,
    async () => {
      const credential = await ada.alone({ signCount: 3 });
      return (await ada.ask('signInWithPasskey', { credential })).code;
    },
  ];
  expect(await uses[0]?.()).toBeUndefined();
  for (const [index, use] of uses.entries()) {
    if (index > 0) app.clock.advance({ seconds: DAY + 60 });
    if (index === 1) ada.token = await freshToken(ada);
    for (let count = 0; count < 2; count += 1) expect(await use()).toMatch(/^INVALID_/);
    expect(await notices()).toBe(index + 1);
  }
});

/** Signs in with a recovery code. */
async function freshToken(ada: PasskeyFactorOwner): Promise<string> {
  const [recoveryCode] = ada.recoveryCodes.splice(0, 1);
  await ada.prove((await ada.redeem()).challengeId, { recoveryCode });
  return ada.token;
}

it('reveals nothing about an account before the mailed code', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const { challengeId } = await ada.redeem();
  const optionsFor = async (id: string | undefined) => {
    const { options } = (await ada.ask('passkeyFactorOptions', { challengeId: id })).members;
    return { ...(options as object), challenge: undefined };
  };
  expect(await optionsFor('1')).toEqual(await optionsFor(challengeId));
  expect(await optionsFor('1')).toMatchObject({ allowCredentials: [] });
});

it('needs no factor any more once the last one is removed', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  await ada.addPasskey();
  await ada.enroll();
  for (const id of await ada.passkeyIds()) {
    expect((await ada.redeem()).members.factors).toEqual(['PASSKEY', 'TOTP', 'RECOVERY_CODE']);
    expect((await ada.removePasskey(id)).code).toBeUndefined();
  }
  await app.mailsDelivered();
  expect(ada.mails().at(-1)).toContain('A passkey was removed');
  expect((await ada.redeem()).members.factors).toEqual(['TOTP', 'RECOVERY_CODE']);
  await ada.addPasskey();
  await ada.ask('removeTotp');
  expect((await ada.redeem()).members.factors).toEqual(['PASSKEY', 'RECOVERY_CODE']);
  const [last] = await ada.passkeyIds();
  expect((await ada.removePasskey(last)).code).toBeUndefined();
  expect((await ada.ask('factors')).members).toEqual({ kinds: [], recoveryCodesLeft: 0 });
  expect((await ada.redeem()).code).toBeUndefined();
  expect(await metadataOf(ada, 'FACTOR_REMOVED')).toMatchObject([
    ...[{ factor: 'PASSKEY' }, { factor: 'PASSKEY' }, { factor: 'TOTP' }, { factor: 'PASSKEY' }],
  ]);
});

it('removes passkeys with the undo of the first one', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  await ada.addPasskey();
  await app.mailsDelivered();
  const [secret] = ada.undoSecrets();
  app.clock.advance({ seconds: 6 * DAY });
  expect((await ada.ask('undoFactorChange', { secret })).code).toBeUndefined();
  expect((await ada.signInByPasskey()).code).toBe('NOT_FOUND');
  expect((await ada.redeem()).code).toBeUndefined();
});

it('removes passkeys with an ordered reset, which a sign-in by passkey cancels', async () => {
  const admin = await Administrator.create(app);
  const ada = await PasskeyFactorOwner.enrolled(app);
  const bob = await PasskeyFactorOwner.enrolled(app);
  for (const owner of [ada, bob]) {
    const { code } = await admin.change(ResetUserFactorsDocument, { id: await idOf(app, owner) });
    expect(code).toBeUndefined();
  }
  expect((await bob.signInByPasskey()).code).toBeUndefined();
  app.clock.advance({ seconds: 49 * 3600 });
  expect((await bob.redeem()).code).toBe('MFA_REQUIRED');
  expect((await ada.redeem()).code).toBeUndefined();
  expect((await ada.signInByPasskey()).code).toBe('NOT_FOUND');
});

it('signs in completely by passkey alone, also with an app', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  await ada.enroll();
  expect((await ada.signInByPasskey()).code).toBeUndefined();
  expect(amrOf(ada.token)).toEqual(['pop', 'user', 'mfa']);
  expect((await ada.me(ada.token)).data?.me.email).toBe(ada.email);
});

it('locks nobody out whose only passkey goes with the undo of a change of the address', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  app.clock.advance({ seconds: 3 * DAY });
  await ada.signInByPasskey();
  await stepUp(app, ada);
  const mover = Object.assign(new Mover(app, ada.email, ada.from), { token: ada.token });
  expect(await mover.move(newAddress())).toBeUndefined();
  await app.mailsDelivered();
  expect(await mover.undo(undoSecretsOf(ada).at(-1))).toBeUndefined();
  expect((await ada.signInByPasskey()).code).toBe('NOT_FOUND');
  expect((await ada.redeem()).code).toBeUndefined();
});
