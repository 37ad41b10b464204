import { expect, it } from 'vitest';
import { newClient, useApp } from './support/app.ts';
import { PASSWORD, Person, wrongCode } from './support/flow.ts';

const app = useApp();
const NEW_PASSWORD = 'amber-compass-91';

async function registered(): Promise<Person> {
  const ada = new Person(app);
  await ada.signUp();
  return ada;
}

it('sets a new password with the code that forgotPassword mails, and gives no tokens', async () => {
  const ada = await registered();
  const asked = await ada.forgotPassword();
  expect(asked.data?.forgotPassword).toMatchObject({ detail: 'OTP sent to email', expiresIn: 300 });
  const answer = await ada.resetPassword(await ada.code(2), NEW_PASSWORD);

  expect(answer.data?.resetPassword).toEqual({ detail: 'Password reset successful' });
  expect((await ada.login(PASSWORD)).code).toBe('INVALID_CREDENTIALS');
  expect((await ada.login(NEW_PASSWORD)).code).toBeUndefined();
  expect(ada.mails()[1]).toContain('Your localhost password reset code: ');
});

it('ends all sessions and codes of the account immediately', async () => {
  const ada = await registered();
  const one = await ada.signIn();
  const signInCode = (await ada.requestOtp()).data?.requestOtp.challengeId;
  const liveCode = await ada.code(3);
  const reset = (await ada.forgotPassword()).data?.forgotPassword;
  await ada.resetPassword(await ada.code(4), NEW_PASSWORD, reset?.challengeId);

  expect((await ada.me(one.accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await ada.refresh(one.refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.verifyOtp(liveCode, signInCode)).code).toBe('INVALID_OTP');
});

it('sends nothing to an address without an account, and responds in the same way', async () => {
  const other = new Person(app);
  const ada = await registered();
  const unknown = await other.forgotPassword();
  const known = await ada.forgotPassword();
  await ada.code(2);

  const shape = ({ status, data }: typeof known) => ({
    status,
    detail: data?.forgotPassword.detail,
    expiresIn: data?.forgotPassword.expiresIn,
    id: data?.forgotPassword.challengeId.length,
  });
  expect(shape(unknown)).toEqual(shape(known));
  expect(other.mails()).toEqual([]);
});

it('accepts no sign-in code for a reset, and no reset code for a sign-in', async () => {
  const ada = await registered();
  await ada.requestOtp();
  const signIn = await ada.code(2);
  const reset = (await ada.forgotPassword()).data?.forgotPassword;
  const resetCode = await ada.code(3);
  const elsewhere = new Person(app, ada.email);

  expect((await elsewhere.resetPassword(signIn, NEW_PASSWORD)).code).toBe('INVALID_OTP');
  expect((await elsewhere.verifyOtp(resetCode, reset?.challengeId)).code).toBe('INVALID_OTP');
  expect((await elsewhere.verifyOtp(resetCode)).code).toBe('INVALID_OTP');
  expect((await ada.resetPassword(resetCode, NEW_PASSWORD)).code).toBeUndefined();
});

it('accepts a reset code once, and rejects wrong codes and weak passwords without consuming the code', async () => {
  const ada = await registered();
  await ada.forgotPassword();
  const code = await ada.code(2);

  expect((await ada.resetPassword(wrongCode(code), NEW_PASSWORD)).code).toBe('INVALID_OTP');
  const bad = await ada.resetPassword(code, 'short');
  expect(bad.errors[0]?.extensions.fields).toEqual({
    password: [expect.stringContaining('short')],
  });
  expect((await ada.resetPassword(code, NEW_PASSWORD)).code).toBeUndefined();
  expect((await ada.resetPassword(code, 'another-compass-92')).code).toBe('INVALID_OTP');
});

it('verifies the e-mail address, and sets the first password of an account without one', async () => {
  const ada = new Person(app);
  await ada.register('set-by-somebody-76');
  await ada.code();
  await ada.forgotPassword();
  await ada.resetPassword(await ada.code(2), NEW_PASSWORD);
  expect(
    (await new Person(app, ada.email, newClient()).register('set-again-77')).code,
  ).toBeUndefined();
  expect((await ada.login(NEW_PASSWORD)).code).toBeUndefined();

  const bob = new Person(app);
  await bob.signIn();
  await bob.forgotPassword();
  await bob.resetPassword(await bob.code(2), NEW_PASSWORD);
  expect((await bob.login(NEW_PASSWORD)).code).toBeUndefined();
});

it('records the request and the reset', async () => {
  const ada = await registered();
  await ada.forgotPassword();
  await ada.resetPassword(await ada.code(2), NEW_PASSWORD);
  const events = await app.eventually(async () => {
    const names = (await ada.events()).map(({ event }) => event);
    return names.includes('PASSWORD_RESET') && names;
  });
  expect(events.slice(-2)).toEqual(['PASSWORD_RESET_REQUESTED', 'PASSWORD_RESET']);
});
