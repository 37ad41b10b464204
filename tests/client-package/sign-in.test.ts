import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { createSignIn, type SignIn } from '../../client/src/sign-in.ts';
import { newAddress, useApp } from '../support/app.ts';
import { PASSWORD, Person, wrongCode } from '../support/flow.ts';

const app = useApp();

/** Counts down by the test's clock. Requests take their real time. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function start(): { person: Person; signIn: SignIn; status: () => unknown } {
  const person = new Person(app, newAddress(), '127.0.0.1');
  const client = createClient({ url: app.url });
  const signIn = createSignIn(client, { resendAfter: 20 });
  signIn.subscribe(() => undefined);
  return { person, signIn, status: () => client.getState().status };
}

it('signs in with a code, after a resend that a countdown allows', async () => {
  const { person, signIn, status } = start();
  expect(signIn.getState()).toMatchObject({ step: 'address', isBusy: false, resendIn: 0 });
  const sent = signIn.sendCode(person.email);
  expect(signIn.getState()).toMatchObject({ email: person.email, isBusy: true });
  // A second click does nothing.
  await Promise.all([sent, signIn.sendCode(person.email)]);
  expect(signIn.getState()).toMatchObject({ step: 'code', resendIn: 20 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(signIn.getState().resendIn).toBe(15);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(signIn.getState().resendIn).toBe(0);
  await signIn.resend();
  expect(signIn.getState()).toMatchObject({ step: 'code', resendIn: 20 });
  await signIn.submitCode(await person.code(2));
  expect(signIn.getState()).toMatchObject({
    step: 'done',
    user: { email: person.email },
    error: undefined,
    resendIn: 0,
  });
  expect(status()).toBe('signed-in');
  expect(person.mails()).toHaveLength(2);
});

it('registers, and signs in with the password and a code', async () => {
  const { person, signIn } = start();
  const { email } = person;
  await signIn.register({ email, password: 'password' });
  expect(signIn.getState()).toMatchObject({ step: 'address', error: { code: 'BAD_USER_INPUT' } });
  await signIn.register({ email, password: PASSWORD, firstName: 'Ada' });
  await signIn.submitCode(await person.code());
  expect(signIn.getState().user).toMatchObject({ firstName: 'Ada', hasPassword: true });

  signIn.restart();
  signIn.choosePassword(email);
  expect(signIn.getState()).toMatchObject({ step: 'password', email, user: undefined });
  await signIn.submitPassword('not this one');
  expect(signIn.getState()).toMatchObject({
    step: 'password',
    error: { code: 'INVALID_CREDENTIALS' },
  });
  await signIn.submitPassword(PASSWORD);
  expect(signIn.getState()).toMatchObject({ step: 'code', error: undefined });
  await signIn.submitCode(await person.code(2));
  expect(signIn.getState().step).toBe('done');
});

it('tells for how long too many wrong codes lock it, and counts down', async () => {
  const { person, signIn } = start();
  await signIn.sendCode(person.email);
  const wrong = wrongCode(await person.code());
  for (let i = 0; i < 5; i += 1) await signIn.submitCode(wrong);
  expect(signIn.getState()).toMatchObject({ error: { code: 'INVALID_OTP' }, blocked: undefined });
  await signIn.submitCode(wrong);
  const { blocked, blockedFor } = signIn.getState();
  expect(blocked).toBe('locked');
  expect(blockedFor).toBeGreaterThan(880);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(signIn.getState().blockedFor).toBe(blockedFor - 10);
  await vi.advanceTimersByTimeAsync(blockedFor * 1000);
  expect(signIn.getState()).toMatchObject({ step: 'code', blocked: undefined, blockedFor: 0 });
});

it('tells for how long a limit on mails holds, and ignores a response after a restart', async () => {
  const { person, signIn } = start();
  await signIn.sendCode(person.email);
  for (let i = 0; i < 5; i += 1) await signIn.resend();
  expect(signIn.getState()).toMatchObject({ blocked: 'limited', error: { code: 'RATE_LIMITED' } });
  expect(signIn.getState().blockedFor).toBeGreaterThan(0);

  const other = start().signIn;
  const late = other.sendCode(newAddress());
  other.restart();
  await late;
  expect(other.getState()).toMatchObject({ step: 'address', isBusy: false });
});
