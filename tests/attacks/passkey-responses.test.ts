import { expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { Authenticator, type Deviations } from '../support/authenticator.ts';
import { PasskeyFactorOwner } from '../support/passkey-factor-owner.ts';
import { ORIGIN, PasskeyOwner } from '../support/passkeys.ts';
import { many, manyCodes } from '../support/wide-limits.ts';

// After WebAuthn Level 3: §6.1.3 and §7 (backup state), §5.4.3 (algorithms), §7.1 (length of IDs),
// §13.4.3 (challenges), §13.4.6 (lost credentials), §13.4.7 (unprotected accounts), §14.6.2 (what
// options tell), ASVS 5.0 6.5.1, 6.6.2 and 6.3.8.

const app = useApp({
  ...manyCodes,
  LIMIT_PASSKEY_CHANGES: many,
  LIMIT_PASSKEY_OPTIONS: many,
  LIMIT_WRONG_PASSKEYS: many,
  LIMIT_WRONG_CODES: many,
});

const device = () => new Authenticator(ORIGIN, { isSynced: false });

it('accepts no credential that is backed up, but cannot be', async () => {
  const ada = new PasskeyOwner(app, 'GraphQL', device());
  await ada.signInByCode();
  const impossible = { backupEligible: false, backedUp: true };
  expect((await ada.enrol(undefined, impossible)).code).toBe('BAD_USER_INPUT');
  expect((await ada.enrol()).code).toBeUndefined();
  expect((await ada.signIn(impossible)).code).toBe('INVALID_CREDENTIALS');
  expect((await ada.signIn()).code).toBeUndefined();
});

it.each<[string, number]>([
  ['ES384, whose keys have another curve', -35],
  ['RS1, which uses SHA-1', -65535],
  ['no algorithm at all', 0],
])('adds no credential with an algorithm that was not offered: %s', async (_, algorithm) => {
  const ada = new PasskeyOwner(app);
  await ada.signInByCode();
  expect((await ada.enrol(undefined, { algorithm })).code).toBe('BAD_USER_INPUT');
  expect((await ada.list()).answer.passkeys).toEqual([]);
});

const deviations: readonly (readonly [string, Deviations])[] = [
  ['no user verification', { isUnverified: true }],
  ['no user presence', { isAbsent: true }],
  ['another origin', { origin: 'https://login.example.net' }],
  ['another RP ID', { rpId: 'example.net' }],
  ['a frame of another site', { clientData: { crossOrigin: true } }],
  ['the type of a registration', { type: 'webauthn.create' }],
  ['no challenge', { challenge: '' }],
];

it.each(deviations)(
  'confirms no session and completes no sign-in with %s',
  async (_, deviation) => {
    const ada = await PasskeyFactorOwner.enrolled(app);
    const { challengeId } = await ada.redeem();
    const passkey = await ada.forSignIn(challengeId, deviation);
    expect((await ada.prove(challengeId, { passkey })).code).toBe('INVALID_OTP');
    const confirmed = await ada.ask('stepUp', { passkey: await ada.forStepUp(deviation) });
    expect(confirmed.code).toBe('INVALID_OTP');
    const good = await ada.forSignIn(challengeId);
    expect((await ada.prove(challengeId, { passkey: good })).code).toBeUndefined();
  },
);

it('accepts a response once, for a step-up and a sign-in that come at the same time', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const passkey = await ada.forStepUp();
  const uses = await Promise.all(Array.from({ length: 6 }, () => ada.ask('stepUp', { passkey })));
  expect(uses.filter(({ code }) => code === undefined)).toHaveLength(1);
  // Redis has lost all it knew.
  await app.runtime.redis.flushdb();
  expect((await ada.ask('stepUp', { passkey })).code).toBe('INVALID_OTP');
});

it('accepts the passkey of another account for nothing, also with its own challenge', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const eve = await PasskeyFactorOwner.enrolled(app);
  const { challengeId } = await ada.redeem();
  const passkey = await eve.forSignIn(challengeId);
  expect((await ada.prove(challengeId, { passkey })).code).toBe('INVALID_OTP');
  // With the user handle of the victim.
  const [{ userHandle } = { userHandle: '' }] = ada.authenticator.credentials;
  const disguised = await eve.forSignIn(challengeId, { userHandle });
  expect((await ada.prove(challengeId, { passkey: disguised })).code).toBe('INVALID_OTP');
  const credential = await eve.alone({ userHandle });
  expect((await eve.ask('signInWithPasskey', { credential })).code).toBe('INVALID_CREDENTIALS');
});

it('tells nobody with a session of another account, or with none, which passkeys exist', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const eve = await PasskeyFactorOwner.enrolled(app);
  const [{ id } = { id: '' }] = ada.authenticator.credentials;
  const { challengeId } = await ada.redeem();
  for (const [operation, input] of [
    ['passkeyStepUpOptions', {}],
    ['passkeyRegistrationOptions', {}],
    ['passkeyFactorOptions', { challengeId }],
    ['passkeySignInOptions', {}],
    ['passkeys', {}],
  ] as const) {
    const { members } = await eve.ask(operation, input);
    expect(JSON.stringify(members), operation).not.toContain(id);
  }
});

it('replaces a lost passkey by a recovery code, after which the lost one signs in no more', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const [lost] = ada.authenticator.credentials;
  const [recoveryCode] = ada.recoveryCodes;
  const { challengeId } = await ada.redeem();
  expect((await ada.prove(challengeId, { recoveryCode })).code).toBeUndefined();
  expect((await ada.addPasskey()).code).toBeUndefined();
  const [, old] = await ada.passkeyIds();
  expect((await ada.removePasskey(old)).code).toBeUndefined();
  const { options } = (await ada.ask('passkeySignInOptions')).members;
  const credential = ada.authenticator.get(options as never, {}, lost);
  expect((await ada.ask('signInWithPasskey', { credential })).code).toBe('NOT_FOUND');
  expect((await ada.signInByPasskey()).code).toBeUndefined();
});
