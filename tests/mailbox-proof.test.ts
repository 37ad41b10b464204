import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp();

/** What a stranger can do beforehand: set a password for an address that is not theirs. */
async function addressTakenByStranger(): Promise<Person> {
  const owner = new Person(app);
  await new Person(app, owner.email).register('set-by-a-stranger');
  return owner;
}

it('drops a password that a stranger set, when the owner signs in without it', async () => {
  const owner = await addressTakenByStranger();
  await owner.requestOtp();
  const { data } = await owner.verifyOtp(await owner.code());

  expect(data?.verifyOtp.user.hasPassword).toBe(false);
  expect((await owner.login('set-by-a-stranger')).code).toBe('INVALID_CREDENTIALS');
  const notice = await app.eventually(() => owner.mails()[1]);
  expect(notice).toContain('The password of your account was removed');
});

it("drops it too when the owner types the code that the stranger's login has mailed", async () => {
  const owner = await addressTakenByStranger();
  await new Person(app, owner.email).login('set-by-a-stranger');
  const { data } = await owner.verifyOtp(await owner.code());

  expect(data?.verifyOtp.user.hasPassword).toBe(false);
});

it('drops a password that was replaced after the login that asked for the code', async () => {
  const owner = new Person(app);
  await owner.register();
  const challengeId = (await owner.login()).data?.login.challengeId;
  await new Person(app, owner.email).register('set-by-a-stranger');
  const { data } = await owner.verifyOtp(await owner.code(), challengeId);

  expect(data?.verifyOtp.user.hasPassword).toBe(false);
  expect((await owner.login('set-by-a-stranger')).code).toBe('INVALID_CREDENTIALS');
});

it('keeps the password of a login that is finished by the same client', async () => {
  const owner = new Person(app);
  await owner.register();
  await owner.login();
  const { data } = await owner.verifyOtp(await owner.code());

  expect(data?.verifyOtp.user.hasPassword).toBe(true);
});

it('never drops a password once the mailbox is proved', async () => {
  const owner = new Person(app);
  await owner.register();
  await owner.login();
  await owner.verifyOtp(await owner.code());
  owner.from = newClient();
  await owner.signIn();

  expect((await owner.login(PASSWORD)).code).toBeUndefined();
  expect(owner.mails().join()).not.toContain('was removed');
});
