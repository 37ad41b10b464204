import { expect, it } from 'vitest';
import { newClient, useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';

const app = useApp();
const NAMES = { firstName: 'Pay to', lastName: 'IBAN DE00 1234' };

/** Registers the owner's address beforehand, as an unknown client. */
async function attack(): Promise<Person> {
  const owner = new Person(app);
  await new Person(app, owner.email, newClient()).register('set-by-somebody', NAMES);
  return owner;
}

const shown = async (owner: Person) => {
  const me = (await owner.me((await owner.signIn()).accessToken)).data?.me;
  return [me?.firstName, me?.lastName];
};

it('shows the owner no name that was set before a code verified the address', async () => {
  const owner = await attack();
  expect(await shown(owner)).toEqual([null, null]);
});

it("shows the owner no name of a registration that replaced the owner's", async () => {
  const owner = new Person(app);
  await owner.register('wool-lantern-73', { firstName: 'Ada', lastName: 'Byron' });
  await new Person(app, owner.email, newClient()).register('set-by-somebody', NAMES);
  expect(await shown(owner)).not.toContain(NAMES.firstName);
});

it('shows the owner no earlier name after a reset verified the address', async () => {
  const owner = await attack();
  const before = owner.codes().length;
  const challengeId = (await owner.forgotPassword()).data?.forgotPassword.challengeId;
  const otp = await app.eventually(async () => {
    const found = owner.mails().find((raw) => raw.includes('password reset'));
    return found && owner.codes().at(-1);
  });
  expect(before).toBeLessThan(owner.codes().length);
  expect((await owner.resetPassword(otp, 'amber-compass-91', challengeId)).code).toBeUndefined();
  expect(await shown(owner)).toEqual([null, null]);
});
