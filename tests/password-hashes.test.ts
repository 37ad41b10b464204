import { createHash, randomBytes } from 'node:crypto';
import * as reference from 'argon2';
import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadArgon2 } from '#src/adapters/argon2-library.ts';
import { useApp } from './support/app.ts';
import { cheapParameters } from './support/cheap-passwords.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp({}, { fullHashes: true });

const current = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

async function hashOf({ email }: Person): Promise<string> {
  const select = 'select password_hash as hash from accounts where email = ?';
  const [row] = await app.sql<{ hash: string }>(select, [email]);
  return row?.hash ?? '';
}

const setHash = ({ email }: Person, hash: string) =>
  app.sql('update accounts set password_hash = ? where email = ?', [hash, email]);

const saltAndTag = (hash: string) => hash.split('$').slice(-2);

it('stores a password as argon2id with the parameters of OWASP and a random salt', async () => {
  const people = [new Person(app), new Person(app)];
  for (const person of people) await person.register();
  const [first = '', second] = await Promise.all(people.map(hashOf));
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(first).not.toBe(second);
});

it('rehashes the password at sign-in if the parameters have changed', async () => {
  const ada = new Person(app);
  await ada.signUp();
  const old = { memoryCost: 12_288, timeCost: 3, parallelism: 1 };
  await setHash(ada, await reference.hash(PASSWORD, old));

  expect((await ada.login()).code).toBeUndefined();
  expect(await hashOf(ada)).toMatch(/\$m=19456,t=2,p=1\$/);
  expect((await ada.login()).code).toBeUndefined();
});

it('puts the parameters of an older hash in order at sign-in, without hashing again', async () => {
  const ada = new Person(app);
  await ada.signUp();
  const old = await reference.hash(PASSWORD, current);
  expect(old).toMatch(/\$m=19456,p=1,t=2\$/);
  await setHash(ada, old);

  expect((await ada.login('not-the-password')).code).toBe('INVALID_CREDENTIALS');
  expect(await hashOf(ada)).toBe(old);
  expect((await ada.login()).code).toBeUndefined();
  const renewed = await hashOf(ada);
  expect(renewed).toMatch(/\$m=19456,t=2,p=1\$/);
  expect(saltAndTag(renewed)).toEqual(saltAndTag(old));
  expect((await ada.login()).code).toBeUndefined();
  expect(await hashOf(ada)).toBe(renewed);
});

it('never overwrites a newer password at sign-in', async () => {
  const ada = new Person(app);
  await ada.signUp();
  await setHash(ada, await reference.hash(PASSWORD, current));
  const newer = await reference.hash('candle-harbour-58', current);
  const { renew } = app.runtime.passwords;
  const spy = vi.spyOn(app.runtime.passwords, 'renew').mockImplementation(async (...input) => {
    await setHash(ada, newer);
    return renew(...input);
  });
  onTestFinished(() => spy.mockRestore());

  expect((await ada.login()).code).toBeUndefined();
  expect(await hashOf(ada)).toBe(newer);
});

it.each([
  ['another', () => reference.hash(PASSWORD, current), 'BAD_USER_INPUT'],
  ['the same', async (old: string) => old.replace('t=2,p=1', 'p=1,t=2'), undefined],
])(
  'compares salt and tag when a password changes: %s hash was stored meanwhile',
  async (_which, meanwhile, code) => {
    const ada = new Person(app);
    const { accessToken } = await ada.signUp();
    const old = await hashOf(ada);
    const { hash } = app.runtime.passwords;
    const spy = vi.spyOn(app.runtime.passwords, 'hash').mockImplementation(async (password) => {
      await setHash(ada, await meanwhile(old));
      return hash(password);
    });
    onTestFinished(() => spy.mockRestore());

    const input = { currentPassword: PASSWORD, newPassword: 'candle-harbour-58' };
    expect((await ada.changePassword(accessToken, input)).code).toBe(code);
  },
);

/** Leaves of all challenges what release 0.2 stores. Returns the fingerprints that it compares. */
async function storeAsBefore(): Promise<unknown[]> {
  const { redis } = app.runtime;
  const changed = (await redis.keys('code:*')).map(async (key) => {
    const meta = JSON.parse((await redis.hget(key, 'meta')) ?? '{}');
    delete meta.saltAndTag;
    await redis.hset(key, 'meta', JSON.stringify(meta));
    return meta.passwordMark;
  });
  return Promise.all(changed);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

it('keeps the password of an unverified account if release 0.2 issued the code, and vice versa', async () => {
  const ada = new Person(app);
  await ada.register();
  await ada.login();
  expect(await storeAsBefore()).toContain(sha256(await hashOf(ada)));
  const { data } = await ada.verifyOtp(await ada.code(2));
  expect(data?.verifyOtp.user).toMatchObject({ emailVerified: true, hasPassword: true });
  expect((await ada.login()).code).toBeUndefined();
});

it('keeps the password of an unverified account whose hash was put in order meanwhile', async () => {
  const ada = new Person(app);
  await ada.register();
  await setHash(ada, await reference.hash(PASSWORD, current));
  await ada.login();
  await setHash(ada, (await hashOf(ada)).replace('p=1,t=2', 't=2,p=1'));
  const { data } = await ada.verifyOtp(await ada.code(2));
  expect(data?.verifyOtp.user.hasPassword).toBe(true);
});

it.each([['release 0.2'], ['this release']])(
  'drops the password of an unverified account if another one was set since the code of %s',
  async (release) => {
    const ada = new Person(app);
    await ada.register();
    await ada.login();
    if (release === 'release 0.2') await storeAsBefore();
    await setHash(ada, await reference.hash(PASSWORD, current));
    const { data } = await ada.verifyOtp(await ada.code(2));
    expect(data?.verifyOtp.user.hasPassword).toBe(false);
  },
);

const anyPassword = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constant('ä'.repeat(256)),
);

it('exchanges hashes with the reference implementation', async () => {
  const ours = await loadArgon2(app.runtime.log);
  await fc.assert(
    fc.asyncProperty(anyPassword, async (password) => {
      const other = `${password}.`;
      const own = await ours.hash(password, cheapParameters);
      const theirs = await reference.hash(password, cheapParameters);
      expect(await reference.verify(own, password)).toBe(true);
      expect(await reference.verify(own, other)).toBe(false);
      expect(reference.needsRehash(own, cheapParameters)).toBe(false);
      expect(await ours.verify(theirs, password)).toBe(true);
      expect(await ours.verify(theirs, other)).toBe(false);
    }),
    { numRuns: 40 },
  );
  const bytes = randomBytes(32);
  expect(await reference.verify(await ours.hash(bytes, cheapParameters), bytes)).toBe(true);
});
