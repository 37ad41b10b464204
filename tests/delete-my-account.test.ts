import { expect, it } from 'vitest';
import { DeleteMyAccountDocument, StepUpDocument } from '../client/generated/graphql.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { newClient, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp();

const remove = (person: Person, token: string) =>
  app.run(DeleteMyAccountDocument, {}, { from: person.from, token });

const stepUpAll = () => app.sql('update sessions set stepped_up_at = ?', [app.clock.now()]);

it('deletes the account after a step-up, ends every session and notifies the owner', async () => {
  const ada = new Person(app);
  const { accessToken: token, refreshToken } = await ada.signUp();
  const phone = await new Person(app, ada.email, newClient()).signIn();
  const id = await idOf(app, ada);
  expect((await remove(ada, token)).code).toBe('STEP_UP_REQUIRED');
  expect((await ada.me(token)).data?.me.id).toBe(id);

  const input = { password: PASSWORD };
  await app.run(StepUpDocument, { input }, { from: ada.from, token });
  expect((await remove(ada, phone.accessToken)).code).toBe('STEP_UP_REQUIRED');
  expect((await remove(ada, token)).data?.deleteMyAccount.detail).toBe('Account deleted');
  for (const each of [token, phone.accessToken]) {
    expect((await ada.me(each)).code).toBe('UNAUTHENTICATED');
  }
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  await app.eventually(() =>
    ada.mails().some((raw) => raw.includes('Your localhost account was deleted')),
  );

  await app.auditWritten();
  const pseudonym = `deleted-${id}`;
  const events = await app.sql('select * from audit_events where email = ?', [pseudonym]);
  expect(events).toMatchObject([
    { event: 'USER_DELETED', metadata: { by: id }, ip_address: '', user_agent: '' },
  ]);
  expect(await app.sql('select email from erasures where account_id = ?', [id])).toHaveLength(1);
  // The address is free at once.
  expect((await ada.signUp()).user.id).not.toBe(id);
});

it('keeps the last ADMIN, also if all of them delete themselves at once', async () => {
  const admins = await Promise.all(Array.from({ length: 3 }, () => Administrator.create(app)));
  await stepUpAll();
  const answers = await Promise.all(admins.map((admin) => remove(admin, admin.token)));
  expect(answers.filter(({ code }) => code === undefined)).toHaveLength(2);
  expect(answers.filter(({ code }) => code === 'FORBIDDEN')).toHaveLength(1);
});

it('deletes an account once for concurrent requests', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const id = await idOf(app, ada);
  await stepUpAll();
  const answers = await Promise.all(Array.from({ length: 5 }, () => remove(ada, accessToken)));
  expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'UNAUTHENTICATED')).toHaveLength(4);
  expect(await app.sql('select 1 from erasures where account_id = ?', [id])).toHaveLength(1);
});
