import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { PasskeyOwner, transports } from './support/passkeys.ts';

const app = useApp({ LIMIT_PASSKEY_OPTIONS: '12/600', LIMIT_PASSKEY_CHANGES: '9/600' });

const wrong = () => ({
  privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
});

it.each(transports)('locks out a client after 5 refused uses, and no other: %s', async (way) => {
  const ada = await PasskeyOwner.create(app, way);
  const { authenticator, person } = ada;
  const other = new Person(app, person.email, newClient());
  const eve = new PasskeyOwner(app, way, authenticator, other);
  const codes = await Promise.all(Array.from({ length: 10 }, () => eve.signIn(wrong())));
  expect(codes.filter(({ code }) => code === 'INVALID_CREDENTIALS')).toHaveLength(5);
  expect(codes.filter(({ code }) => code === 'LOCKED')).toHaveLength(5);
  // Also for the right passkey, but only from there.
  expect((await eve.signIn()).code).toBe('LOCKED');
  expect((await ada.signIn()).code).toBeUndefined();
  await app.auditWritten();
  const locked = (await person.events()).filter(({ event }) => event === 'LOGIN_LOCKED');
  expect(locked).toHaveLength(1);
});

it('gives refused uses back after a success', async () => {
  const ada = await PasskeyOwner.create(app);
  for (let round = 0; round < 2; round += 1) {
    for (let n = 0; n < 4; n += 1) {
      expect((await ada.signIn(wrong())).code).toBe('INVALID_CREDENTIALS');
    }
    expect((await ada.signIn()).code).toBeUndefined();
  }
});

it('limits options and changes of a client', async () => {
  const ada = new PasskeyOwner(app);
  await ada.signInByCode();
  const options = await Promise.all(
    Array.from({ length: 15 }, () => ada.ask('passkeySignInOptions', {}, '')),
  );
  expect(options.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(3);
  const changes = await Promise.all(
    Array.from({ length: 12 }, () => ada.ask('passkeyRegistrationOptions')),
  );
  expect(changes.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(3);
});
