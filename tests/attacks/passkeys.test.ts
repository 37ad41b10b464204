import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { newClient, useApp } from '../support/app.ts';
import { Authenticator, type Deviations } from '../support/authenticator.ts';
import { Person } from '../support/flow.ts';
import { ORIGIN, PasskeyOwner, transports } from '../support/passkeys.ts';

// After the security considerations of WebAuthn Level 3 (§13.4) and its verification steps (§7).

const app = useApp({ LIMIT_PASSKEY_CHANGES: '1000/60', LIMIT_WRONG_PASSKEYS: '1000/60' });

const otherKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const refusals = async (owner: PasskeyOwner) => {
  await app.auditWritten();
  const failed = (await owner.person.events()).filter(({ event }) => event === 'PASSKEY_FAILED');
  return failed.map(({ metadata }) => metadata.reason);
};

const everywhere: readonly (readonly [string, Deviations])[] = [
  ['another origin', { origin: 'https://login.example.net' }],
  ['another scheme', { origin: 'https://localhost:8000' }],
  ['a host that begins like ours', { origin: 'http://localhost.example.net' }],
  ['a frame of another site', { clientData: { crossOrigin: true } }],
  ['a frame, named', { clientData: { crossOrigin: true, topOrigin: 'https://example.net' } }],
  ['another RP ID', { rpId: 'example.net' }],
  ['no user verification', { isUnverified: true }],
  ['no user presence', { isAbsent: true }],
  ['a challenge of nobody', { challenge: Buffer.alloc(54, 7).toString('base64url') }],
  ['no challenge', { challenge: '' }],
];

const ofSignIns: typeof everywhere = [
  ['the type of a registration', { type: 'webauthn.create' }],
  ['another key', { privateKey: otherKey() }],
  ['another user handle', { userHandle: Buffer.alloc(64, 7).toString('base64url') }],
  ['no user handle', { userHandle: null }],
  ['a changed backup eligibility', { backupEligible: false }],
];

it.each([...everywhere, ...ofSignIns])('signs nobody in with %s', async (_, deviations) => {
  const ada = await PasskeyOwner.create(app);
  const { code, answer } = await ada.signIn(deviations);
  expect(code).toBe('INVALID_CREDENTIALS');
  expect(answer.accessToken).toBeUndefined();
  expect(await refusals(ada)).toHaveLength(1);
  expect((await ada.signIn()).code).toBeUndefined();
});

it.each([...everywhere, ['the type of a sign-in', { type: 'webauthn.get' }] as const])(
  'adds no passkey with %s',
  async (_, deviations) => {
    const ada = await PasskeyOwner.create(app);
    expect((await ada.enrol(undefined, deviations)).code).toBe('BAD_USER_INPUT');
    expect((await ada.list()).answer.passkeys).toHaveLength(1);
  },
);

it.each(transports)('accepts a response once, also of 20 at the same time: %s', async (way) => {
  const ada = await PasskeyOwner.create(app, way);
  const credential = ada.authenticator.get(await ada.signInOptions());
  const signIn = () => ada.ask('signInWithPasskey', { credential }, '');
  const codes = await Promise.all(Array.from({ length: 20 }, signIn));
  expect(codes.filter(({ code }) => code === undefined)).toHaveLength(1);
  expect((await signIn()).code).toBe('INVALID_CREDENTIALS');
  // Redis has lost all it knew.
  await app.runtime.redis.flushdb();
  expect((await signIn()).code).toBe('INVALID_CREDENTIALS');
  expect(new Set(await refusals(ada))).toEqual(new Set(['CHALLENGE']));
});

it('adds one passkey for a challenge, also of 10 at the same time', async () => {
  const ada = await PasskeyOwner.create(app);
  const options = await ada.registrationOptions();
  const added = await Promise.all(
    Array.from({ length: 10 }, () =>
      ada.ask('registerPasskey', { credential: ada.authenticator.create(options) }),
    ),
  );
  expect(added.filter(({ code }) => code === undefined)).toHaveLength(1);
});

it('accepts no challenge after 5 minutes', async () => {
  const ada = await PasskeyOwner.create(app);
  const credential = ada.authenticator.get(await ada.signInOptions());
  const options = await ada.registrationOptions();
  app.clock.advance({ seconds: 300 });
  expect((await ada.ask('signInWithPasskey', { credential }, '')).code).toBe('INVALID_CREDENTIALS');
  const late = { credential: ada.authenticator.create(options) };
  expect((await ada.ask('registerPasskey', late)).code).toBe('BAD_USER_INPUT');
  app.clock.advance({ seconds: -300 });
});

it('accepts no challenge of another purpose, session or account', async () => {
  const ada = await PasskeyOwner.create(app);
  const eve = await PasskeyOwner.create(app);
  const [ofAda, ofEve, toSignIn] = [
    (await ada.registrationOptions()).challenge,
    (await eve.registrationOptions()).challenge,
    (await ada.signInOptions()).challenge,
  ];
  for (const challenge of [ofAda, ofEve]) {
    expect((await ada.signIn({ challenge })).code).toBe('INVALID_CREDENTIALS');
  }
  const phone = new PasskeyOwner(app, 'GraphQL', ada.authenticator, ada.person);
  phone.token = (await ada.signIn()).answer.accessToken;
  const ofPhone = (await phone.registrationOptions()).challenge;
  for (const challenge of [toSignIn, ofEve, ofPhone]) {
    expect((await ada.enrol(undefined, { challenge })).code).toBe('BAD_USER_INPUT');
  }
});

it('refuses and records a counter that went back: a copied authenticator', async () => {
  const original = new Authenticator(ORIGIN, { isSynced: false });
  const ada = await PasskeyOwner.create(app, 'GraphQL', original);
  for (let uses = 0; uses < 3; uses += 1) await ada.signIn();
  const last = original.credentials[0]?.signCount ?? 0;
  for (const signCount of [last, last - 1, 0]) {
    expect((await ada.signIn({ signCount })).code).toBe('INVALID_CREDENTIALS');
  }
  expect(await refusals(ada)).toEqual(['COUNTER', 'COUNTER', 'COUNTER']);
  expect((await ada.signIn({ signCount: last + 10 })).code).toBeUndefined();
});

it('lets no account add the credential of another', async () => {
  const ada = await PasskeyOwner.create(app);
  const eve = await PasskeyOwner.create(app);
  const stolen = eve.authenticator.create(await ada.registrationOptions());
  expect((await ada.ask('registerPasskey', { credential: stolen })).code).toBeUndefined();
  const [{ passkeys: before }, options] = [
    (await eve.list()).answer,
    await eve.registrationOptions(),
  ];
  // The same credential ID with a key of her own, and a challenge of her own.
  const own = eve.authenticator.create(options);
  const renamed = withCredentialId(own, stolen);
  expect((await eve.ask('registerPasskey', { credential: renamed })).code).toBe('BAD_USER_INPUT');
  expect((await eve.list()).answer.passkeys).toEqual(before);
});

/** Writes the credential ID of another response into the attested data. Both have 32 bytes. */
function withCredentialId(own: { id: string } & Record<string, unknown>, other: { id: string }) {
  const response = own.response as Record<string, string>;
  const [from, to] = [own.id, other.id].map((id) => Buffer.from(id, 'base64url'));
  const bytes = Buffer.from(response.attestationObject ?? '', 'base64url');
  const at = bytes.indexOf(from as Buffer);
  expect(at).toBeGreaterThan(0);
  (to as Buffer).copy(bytes, at);
  const attestationObject = bytes.toString('base64url');
  return { ...own, id: other.id, rawId: other.id, response: { ...response, attestationObject } };
}

it('shows, renames and removes only passkeys of the own account', async () => {
  const ada = await PasskeyOwner.create(app);
  const eve = await PasskeyOwner.create(app);
  const id = (await ada.list()).answer.passkeys[0]?.id;
  expect((await eve.list()).answer.passkeys.map((each) => each.id)).not.toContain(id);
  expect((await eve.ask('renamePasskey', { id, name: 'mine' })).code).toBe('NOT_FOUND');
  expect((await eve.ask('removePasskey', { id })).code).toBe('NOT_FOUND');
  for (const wrong of ['x', '%', `${id} `]) {
    expect((await eve.ask('removePasskey', { id: wrong })).code).toBe('NOT_FOUND');
  }
  expect((await ada.signIn()).code).toBeUndefined();
});

it('tells nothing about an address: no options list credentials, with or without a session', async () => {
  const ada = await PasskeyOwner.create(app);
  const nobody = new PasskeyOwner(app, 'REST');
  for (const [owner, token] of [
    [ada, ada.token],
    [nobody, ''],
  ] as const) {
    const { answer } = await owner.ask('passkeySignInOptions', {}, token);
    expect(JSON.stringify(answer)).not.toContain(ada.authenticator.credentials[0]?.id);
    expect(answer.options).toMatchObject({ allowCredentials: [] });
  }
});

it('knows no passkey that nobody has, whatever it is signed with', async () => {
  const eve = new PasskeyOwner(app);
  const options = await eve.signInOptions();
  eve.authenticator.create({ ...options, rp: { id: 'localhost' }, user: { id: 'AAAA' } });
  expect((await eve.signIn()).code).toBe('NOT_FOUND');
  expect((await eve.signIn({ challenge: 'AAAA' })).code).toBe('NOT_FOUND');
});

it.each(transports)(
  'rejects malformed credentials before anything is compared: %s',
  async (way) => {
    const ada = await PasskeyOwner.create(app, way);
    const good = ada.authenticator.get(await ada.signInOptions());
    const response = good.response as object;
    const malformed: unknown[] = [
      ...[{}, { ...good, id: 'AAAA' }, { ...good, rawId: 'AAAA' }, { ...good, type: 'password' }],
      { ...good, response: { ...response, signature: '' } },
      { ...good, response: { ...response, authenticatorData: ['AAAA'] } },
      { ...good, response: { ...response, clientDataJSON: 'not base64url!' } },
      { ...good, response: null },
      ...['text', 7, [good], true],
    ];
    for (const credential of malformed) {
      const { code } = await ada.ask('signInWithPasskey', { credential }, '');
      expect(code, JSON.stringify(credential)).toBe('BAD_USER_INPUT');
    }
    const odd = ['null', '[]', '7', '{"type":7}', '\ufeff{}', ''];
    for (const text of odd) {
      const clientDataJSON = Buffer.from(text || ' ').toString('base64url');
      const credential = { ...good, response: { ...response, clientDataJSON } };
      const { code } = await ada.ask('signInWithPasskey', { credential }, '');
      expect(code, text).toBe('INVALID_CREDENTIALS');
    }
    expect((await ada.ask('signInWithPasskey', { credential: good }, '')).code).toBeUndefined();
  },
);

it('opens no session for a passkey that is removed at the same time', async () => {
  const ada = await PasskeyOwner.create(app);
  const id = (await ada.list()).answer.passkeys[0]?.id;
  const credential = ada.authenticator.get(await ada.signInOptions());
  const [signedIn, removed] = await Promise.all([
    ada.ask('signInWithPasskey', { credential }, ''),
    ada.ask('removePasskey', { id }),
  ]);
  expect(removed.code).toBeUndefined();
  expect([undefined, 'INVALID_CREDENTIALS', 'NOT_FOUND']).toContain(signedIn.code);
  expect((await ada.signIn()).code).toBe('NOT_FOUND');
});

it('ends a session that began before the first passkey, so that it adds none', async () => {
  const person = new Person(app);
  const thief = new PasskeyOwner(app, 'GraphQL', undefined, new Person(app, person.email));
  await thief.signInByCode();
  const owner = new PasskeyOwner(app, 'GraphQL', undefined, person);
  await owner.signInByCode();
  expect((await owner.enrol()).code).toBeUndefined();
  expect((await thief.ask('passkeyRegistrationOptions')).code).toBe('UNAUTHENTICATED');
});

it('lets nobody at another client use up the attempts of the owner', async () => {
  const ada = await PasskeyOwner.create(app);
  const eve = new PasskeyOwner(
    app,
    'GraphQL',
    ada.authenticator,
    new Person(app, ada.person.email, newClient()),
  );
  const { wrongPasskeys } = app.runtime.config;
  expect(wrongPasskeys.max).toBe(1000);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    expect((await eve.signIn({ privateKey: otherKey() })).code).toBe('INVALID_CREDENTIALS');
  }
  expect((await ada.signIn()).code).toBeUndefined();
});
