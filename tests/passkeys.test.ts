import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Authenticator } from './support/authenticator.ts';
import { ORIGIN, PasskeyOwner, transports } from './support/passkeys.ts';

const app = useApp({ LIMIT_PASSKEY_CHANGES: '1000/60' });

const GOOGLE = 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4';

it.each(transports)('adds a passkey after a sign-in, lists it and signs in: %s', async (way) => {
  const ada = new PasskeyOwner(app, way, new Authenticator(ORIGIN, { aaguid: GOOGLE }));
  await ada.signInByCode();
  expect((await ada.list()).answer).toEqual({ rpId: 'localhost', userId: null, passkeys: [] });

  const added = await ada.enrol();
  expect(added.status).toBe(way === 'REST' ? 201 : 200);
  const [credential] = ada.authenticator.credentials;
  const { recoveryCodes, ...passkey } = added.answer;
  expect(recoveryCodes).toHaveLength(10);
  expect(passkey).toEqual({
    id: expect.any(String),
    credentialId: credential?.id,
    name: 'Google Password Manager',
    createdAt: expect.any(String),
    lastUsedAt: null,
    backedUp: true,
  });
  const { answer } = await ada.list();
  expect(answer.userId).toBe(credential?.userHandle);
  expect(answer.passkeys).toEqual([passkey]);

  const { answer: signedIn, code } = await ada.signIn();
  expect(code).toBeUndefined();
  expect(decodeJwt(signedIn.accessToken).amr).toEqual(['pop', 'user', 'mfa']);
  const { data } = await ada.person.me(signedIn.accessToken);
  expect(data?.me?.email).toBe(ada.person.email);
  expect((await ada.list()).answer.passkeys[0]?.lastUsedAt).not.toBeNull();
});

it('offers discoverable credentials with user verification, and no attestation', async () => {
  const ada = await PasskeyOwner.create(app);
  const { answer } = await ada.ask('passkeyRegistrationOptions');
  expect(answer.expiresIn).toBe(300);
  expect(answer.options).toMatchObject({
    rp: { id: 'localhost', name: 'localhost' },
    user: { name: ada.person.email, displayName: ada.person.email },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: [{ type: 'public-key', id: ada.authenticator.credentials[0]?.id }],
  });
  // A random user handle (WebAuthn Level 3 §14.6.1), the same for each passkey of the account.
  const { userHandle = '' } = ada.authenticator.credentials[0] ?? {};
  expect(Buffer.from(userHandle, 'base64url')).toHaveLength(64);
  expect(answer.options.user?.id).toBe(userHandle);
});

it('offers everyone the same options, without credentials', async () => {
  const ada = await PasskeyOwner.create(app);
  const { challenge, ...options } = await ada.signInOptions();
  expect(options).toEqual({
    rpId: 'localhost',
    timeout: 300_000,
    userVerification: 'required',
    allowCredentials: [],
  });
  expect(Buffer.from(challenge, 'base64url').length).toBeGreaterThanOrEqual(16);
  expect((await ada.signInOptions()).challenge).not.toBe(challenge);
});

it.each(transports)('renames and removes passkeys, and notifies the owner: %s', async (way) => {
  const ada = await PasskeyOwner.create(app, way);
  await ada.enrol('Work laptop');
  const { passkeys } = (await ada.list()).answer;
  expect(passkeys.map(({ name }) => name)).toEqual(['Work laptop', 'Passkey']);
  const [laptop, phone] = passkeys;

  const renamed = await ada.ask('renamePasskey', { id: phone?.id, name: '  My phone ' });
  expect(renamed.answer).toEqual({ ...phone, name: 'My phone' });
  const { code } = await ada.ask('renamePasskey', { id: phone?.id, name: ' ' });
  expect(code).toBe('BAD_USER_INPUT');

  const removed = await ada.ask('removePasskey', { id: laptop?.id });
  expect(removed.answer.passkeys.map(({ name }) => name)).toEqual(['My phone']);
  expect((await ada.signIn()).code).toBe('NOT_FOUND');
  expect((await ada.signIn({}, ada.authenticator.credentials[0])).code).toBeUndefined();

  await app.mailsDelivered();
  const subjects = ada.person.mails().map((mail) => /^Subject: (.*)$/m.exec(mail)?.[1]);
  expect(subjects.slice(1)).toEqual([
    'Your localhost account now needs a second step to sign in',
    'A passkey was added to your localhost account',
    'A passkey was removed from your localhost account',
  ]);
  await app.auditWritten();
  const events = (await ada.person.events()).map(({ event }) => event);
  expect(events).toEqual([
    ...['OTP_REQUESTED', 'OTP_VERIFIED', 'PASSKEY_ADDED', 'FACTOR_ENROLLED', 'PASSKEY_VERIFIED'],
    ...['PASSKEY_ADDED', 'FACTOR_ENROLLED', 'PASSKEY_RENAMED'],
    ...['PASSKEY_REMOVED', 'FACTOR_REMOVED', 'PASSKEY_VERIFIED'],
  ]);
});

it.each(transports)('asks for a step-up 10 minutes after the sign-in: %s', async (way) => {
  const ada = await PasskeyOwner.create(app, way);
  const id = (await ada.list()).answer.passkeys[0]?.id;
  app.clock.advance({ seconds: 599 });
  expect((await ada.ask('passkeyRegistrationOptions')).code).toBeUndefined();
  app.clock.advance({ seconds: 1 });
  expect((await ada.ask('passkeyRegistrationOptions')).code).toBe('STEP_UP_REQUIRED');
  expect((await ada.ask('removePasskey', { id })).code).toBe('STEP_UP_REQUIRED');
});

it('accepts a known counter that rises, and one that stays zero', async () => {
  for (const isSynced of [true, false]) {
    const authenticator = new Authenticator(ORIGIN, { isSynced });
    const ada = await PasskeyOwner.create(app, 'GraphQL', authenticator);
    expect((await ada.signIn()).code).toBeUndefined();
    expect((await ada.signIn()).code).toBeUndefined();
    expect((await ada.list()).answer.passkeys[0]?.backedUp).toBe(isSynced);
  }
});

it('keeps at most 20 passkeys of an account, exactly', async () => {
  const ada = await PasskeyOwner.create(app);
  for (let count = 1; count < 18; count += 1) await ada.enrol();
  const added = await Promise.all(Array.from({ length: 5 }, () => ada.enrol()));
  expect(added.filter(({ code }) => code === undefined)).toHaveLength(2);
  expect((await ada.list()).answer.passkeys).toHaveLength(20);
});

it('refuses a disabled account, and knows no passkey of a deleted one', async () => {
  const ada = await PasskeyOwner.create(app);
  const disable = 'update accounts set disabled_at = now() where email = ?';
  await app.sql(disable, [ada.person.email]);
  expect((await ada.signIn()).code).toBe('INVALID_CREDENTIALS');
  await app.sql('delete from accounts where email = ?', [ada.person.email]);
  expect((await ada.signIn()).code).toBe('NOT_FOUND');
});

it('exports passkeys, and neither keys nor challenges', async () => {
  const ada = await PasskeyOwner.create(app);
  const stepUp = 'update sessions set stepped_up_at = ? where ended_at is null';
  await app.sql(stepUp, [app.clock.now()]);
  const { data } = await app.graphql(
    'mutation { exportMyData }',
    {},
    { token: ada.token, from: ada.person.from },
  );
  const [credential] = ada.authenticator.credentials;
  const exported = data?.exportMyData as { passkeys: object[]; account: object };
  expect(exported.passkeys).toEqual([
    {
      ...{ id: expect.any(String), credential_id: credential?.id, name: 'Passkey' },
      ...{ aaguid: '00000000-0000-0000-0000-000000000000', transports: ['hybrid', 'internal'] },
      ...{ sign_count: '0', backup_eligible: true, backed_up: true },
      ...{ created_at: expect.any(String), last_used_at: expect.any(String) },
      copy_noticed_at: null,
    },
  ]);
  expect(exported.account).toMatchObject({ webauthn_user_handle: credential?.userHandle });
});

it('serves the endpoints that password managers look for', async () => {
  const { status, text } = await app.fetch('/.well-known/passkey-endpoints');
  expect([status, text]).toEqual([200, '{}']);
});
