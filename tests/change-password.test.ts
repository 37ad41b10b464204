import { expect, it, onTestFinished, vi } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { rest } from './support/rest.ts';

const app = useApp();
const NEW_PASSWORD = 'candle-harbour-58';
const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };

/** A registered person who is signed in. */
async function owner() {
  const ada = new Person(app);
  return { ada, ...(await ada.signUp()) };
}

const events = async (person: Person) => (await person.events()).map(({ event }) => event);

it('sets a new password, ends the other sessions, and notifies the owner', async () => {
  const { ada, accessToken, refreshToken } = await owner();
  const phone = new Person(app, ada.email, newClient());
  const second = await phone.signIn();

  const { data } = await ada.changePassword(accessToken, change);
  expect(data?.changePassword.detail).toBe('Password changed');
  expect((await ada.me(accessToken)).data?.me.email).toBe(ada.email);
  expect((await ada.refresh(refreshToken)).code).toBeUndefined();
  expect((await phone.me(second.accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await phone.refresh(second.refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  expect((await ada.login(NEW_PASSWORD)).code).toBeUndefined();
  const notice = await app.eventually(() =>
    ada.mails().find((raw) => raw.includes('Subject: Your localhost password was changed')),
  );
  expect(notice).toContain(`IP address: ${ada.from}`);
  await app.eventually(async () => (await events(ada)).includes('PASSWORD_CHANGED'));
});

it('invalidates the active codes of the account', async () => {
  const { ada, accessToken } = await owner();
  const thief = new Person(app, ada.email, newClient());
  await thief.requestOtp();
  const code = await ada.code(2);
  await ada.changePassword(accessToken, change);
  expect((await thief.verifyOtp(code)).code).toBe('INVALID_OTP');
});

it('rejects a wrong current password as bad input, and counts it together with wrong logins', async () => {
  const { ada, accessToken } = await owner();
  const wrong = { ...change, currentPassword: 'not-the-password' };
  const refused = await ada.changePassword(accessToken, wrong);
  expect(refused.errors[0]?.extensions).toEqual({
    code: 'BAD_USER_INPUT',
    fields: { currentPassword: ['The current password is wrong.'] },
  });

  for (const _ of Array(4)) await ada.login(wrong.currentPassword);
  expect((await ada.changePassword(accessToken, change)).code).toBe('LOCKED');
  expect((await ada.login()).code).toBe('LOCKED');
  await app.eventually(
    async () => (await events(ada)).filter((name) => name === 'LOGIN_FAILED').length === 5,
  );
});

it('refunds wrong attempts after the right password', async () => {
  const { ada, accessToken } = await owner();
  for (const _ of Array(4)) await ada.login('not-the-password');
  await ada.changePassword(accessToken, change);
  for (const _ of Array(4)) await ada.login('not-the-password');
  expect((await ada.login(NEW_PASSWORD)).code).toBeUndefined();
});

it('treats an account without a password like a wrong password', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  const refused = await ada.changePassword(accessToken, change);
  expect(refused.errors[0]?.extensions.fields).toEqual({
    currentPassword: ['The current password is wrong.'],
  });
  expect((await ada.me(accessToken)).data?.me.hasPassword).toBe(false);
});

it("applies the password policy, including the user's own address", async () => {
  const { ada, accessToken } = await owner();
  const fields = async (newPassword: string) =>
    (await ada.changePassword(accessToken, { ...change, newPassword })).errors[0]?.extensions
      .fields;
  expect(await fields('short')).toEqual({
    newPassword: ['This password is too short. It must contain at least 8 characters.'],
  });
  expect(await fields(ada.email.toUpperCase())).toEqual({
    newPassword: ['This password is the e-mail address.'],
  });
});

it('changes the password once for two concurrent requests', async () => {
  const { ada, accessToken } = await owner();
  const other = { ...change, newPassword: 'marble-lighthouse-12' };
  const answers = await Promise.all([
    ada.changePassword(accessToken, change),
    ada.changePassword(accessToken, other),
  ]);
  const codes = answers.map(({ code }) => code);
  expect(codes.filter((code) => code === undefined)).toHaveLength(1);
  expect(codes).toContain('BAD_USER_INPUT');
});

it('changes the password by POST /auth/password-change over REST', async () => {
  const { ada, accessToken: token } = await owner();
  const post = (body: object) => rest(app, 'POST', '/auth/password-change', body, { token });
  const wrong = await post({ current_password: 'nope', new_password: NEW_PASSWORD });
  expect([wrong.status, wrong.body.errors]).toEqual([
    400,
    { current_password: ['The current password is wrong.'] },
  ]);
  const done = await post({ current_password: PASSWORD, new_password: NEW_PASSWORD });
  expect([done.status, done.body]).toEqual([200, { detail: 'Password changed' }]);
  expect((await ada.login(NEW_PASSWORD)).code).toBeUndefined();
});

it('changes nothing for a session that was ended while it waited', async () => {
  const { ada, accessToken } = await owner();
  const thief = new Person(app, ada.email, newClient());
  const stolen = await thief.signIn();
  const hash = vi.spyOn(app.runtime.passwords, 'hash');
  hash.mockImplementationOnce(async () => {
    await ada.revokeOtherSessions(accessToken);
    return 'a hash that is not kept';
  });
  onTestFinished(() => hash.mockRestore());

  expect((await thief.changePassword(stolen.accessToken, change)).code).toBe('UNAUTHENTICATED');
  expect((await ada.me(accessToken)).code).toBeUndefined();
  expect((await ada.login()).code).toBeUndefined();
});

it('limits the number of changes per client', async () => {
  const { ada, accessToken } = await owner();
  const codes = [];
  for (const n of Array(21).keys()) {
    const words = [PASSWORD, NEW_PASSWORD];
    const [currentPassword = '', newPassword = ''] = n % 2 ? words.reverse() : words;
    codes.push((await ada.changePassword(accessToken, { currentPassword, newPassword })).code);
  }
  expect(codes).toEqual([...Array(20).fill(undefined), 'RATE_LIMITED']);
});
