import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp();
const ATTACK = 'set-by-an-attacker';
const NAMES = { firstName: 'Eve', lastName: 'Eve' };

/** Registers an address that belongs to someone else, from an unknown client. */
async function registeredByOther(): Promise<Person> {
  const owner = new Person(app);
  await new Person(app, owner.email, newClient()).register(ATTACK, NAMES);
  await owner.code();
  return owner;
}

const DROPPED = { emailVerified: true, hasPassword: false, firstName: null, lastName: null };

it('drops a password that an unknown client set, when the owner signs in without it', async () => {
  const owner = await registeredByOther();
  const { user } = await owner.signIn();

  expect(user).toMatchObject(DROPPED);
  expect((await owner.login(ATTACK)).code).toBe('INVALID_CREDENTIALS');
  const notice = await app.eventually(() => owner.mails()[2]);
  expect(notice).toContain('We removed an old password');
});

it("drops the password when the owner enters the code from the unknown client's login", async () => {
  const owner = await registeredByOther();
  await new Person(app, owner.email).login(ATTACK);
  const { data } = await owner.verifyOtp(await owner.code(2));

  expect(data?.verifyOtp.user).toMatchObject(DROPPED);
});

it("drops password and names when the owner enters the code from the unknown client's registration", async () => {
  const owner = await registeredByOther();
  const { data } = await owner.verifyOtp(await owner.code());

  expect(data?.verifyOtp.user).toMatchObject(DROPPED);
});

it('keeps password and names of a registration whose code comes with its challengeId', async () => {
  const owner = new Person(app);
  const { challengeId } =
    (await owner.register(PASSWORD, { firstName: 'Ada' })).data?.register ?? {};
  const code = await owner.code();
  owner.from = newClient();
  const { data } = await owner.verifyOtp(code, challengeId);

  expect(data?.verifyOtp.user).toMatchObject({ hasPassword: true, firstName: 'Ada' });
  expect((await owner.login()).code).toBeUndefined();
  expect(owner.mails().join()).not.toContain('was removed');
});

it('drops password and names without the challengeId, even for the client that registered', async () => {
  const owner = new Person(app);
  await owner.register(PASSWORD, { firstName: 'Ada' });
  const { data } = await owner.verifyOtp(await owner.code());

  expect(data?.verifyOtp.user).toMatchObject(DROPPED);
});

it('sets the password and names of the redeemed registration, not those of a newer one', async () => {
  const owner = new Person(app);
  const { challengeId } =
    (await owner.register(PASSWORD, { firstName: 'Ada' })).data?.register ?? {};
  const code = await owner.code();
  await new Person(app, owner.email, newClient()).register(ATTACK, NAMES);
  const { data } = await owner.verifyOtp(code, challengeId);

  expect(data?.verifyOtp.user).toMatchObject({
    hasPassword: true,
    firstName: 'Ada',
    lastName: null,
  });
  expect((await owner.login(ATTACK)).code).toBe('INVALID_CREDENTIALS');
  expect((await owner.login()).code).toBeUndefined();
});

it('ignores a pending registration once the address is verified', async () => {
  const owner = new Person(app);
  const other = new Person(app, owner.email, newClient());
  const { challengeId } = (await other.register(ATTACK, NAMES)).data?.register ?? {};
  const code = await owner.code();
  await owner.signIn();
  const { data } = await owner.verifyOtp(code, challengeId);

  expect(data?.verifyOtp.user).toMatchObject(DROPPED);
  expect((await owner.login(ATTACK)).code).toBe('INVALID_CREDENTIALS');
});

it('drops a password that was replaced after the login that asked for the code', async () => {
  const owner = new Person(app);
  await owner.register();
  await owner.code();
  const challengeId = (await owner.login()).data?.login.challengeId;
  const code = await owner.code(2);
  await new Person(app, owner.email).register(ATTACK, NAMES);
  const { data } = await owner.verifyOtp(code, challengeId);

  expect(data?.verifyOtp.user).toMatchObject(DROPPED);
  expect((await owner.login(ATTACK)).code).toBe('INVALID_CREDENTIALS');
});

it('keeps the password of a login that is finished by the same client', async () => {
  const owner = new Person(app);
  await owner.register();
  await owner.code();
  await owner.login();
  const { data } = await owner.verifyOtp(await owner.code(2));

  expect(data?.verifyOtp.user.hasPassword).toBe(true);
});

it('never drops a password once the address is verified', async () => {
  const owner = new Person(app);
  await owner.signUp();
  owner.from = newClient();
  await owner.signIn();

  expect((await owner.login(PASSWORD)).code).toBeUndefined();
  expect(owner.mails().join()).not.toContain('was removed');
});
