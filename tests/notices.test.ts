import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp();

/** The mail with this subject, once it is there. */
function notice(person: Person, subject: string): Promise<string> {
  const isIt = (mail: string) => mail.includes(`Subject: ${subject}`);
  return app.eventually(() => person.mails().find(isIt));
}

it('notifies the owner of a reset: when, from where, and what to do', async () => {
  const ada = new Person(app);
  await ada.signUp();
  const other = new Person(app, ada.email, newClient());
  await other.forgotPassword();
  await other.resetPassword(await ada.code(2), 'amber-compass-91');

  const mail = await notice(ada, 'Your localhost password was reset');
  expect(mail).toMatch(/Time: \d+ \w+ \d{4} at \d\d:\d\d UTC/);
  expect(mail).toContain(`IP address: ${other.from}`);
  expect(mail).toContain('Secure your mailbox');
});

it('notifies the owner once when a used refresh token is presented again', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const { data } = await ada.refresh(refreshToken);
  await ada.refresh(data?.refreshTokens.refreshToken ?? '');
  const thief = new Person(app, ada.email, newClient());
  for (const _ of Array(3)) await thief.refresh(refreshToken);

  const subject = 'We signed out one of your localhost devices';
  expect(await notice(ada, subject)).toContain(`IP address: ${thief.from}`);
  await ada.requestOtp();
  await ada.code(2);
  expect(ada.mails().filter((raw) => raw.includes(subject))).toHaveLength(1);
});

it('notifies the owner when somebody tries to register the address', async () => {
  const ada = new Person(app);
  await ada.signIn();
  const other = new Person(app, ada.email, newClient());
  await other.register(PASSWORD);
  expect(await notice(ada, 'You already have an account at localhost')).toContain(
    `IP address: ${other.from}`,
  );
});
