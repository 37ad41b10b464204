import { expect, it } from 'vitest';
import { newAddress, newClient, useApp } from '../support/app.ts';
import { codeIn } from '../support/code-in-mail.ts';
import { PASSWORD, wrongCode } from '../support/flow.ts';
import { RefusedError, ReplacedClient } from './replaced-client.ts';

const app = useApp({ TRUST_PROXY: '127.0.0.1' });
const NEW_PASSWORD = 'amber-compass-91';

/** A caller that nobody has met before. */
const newCaller = () => new ReplacedClient(app.url, { 'x-forwarded-for': newClient() });

/** The code of the mail number `count` to the address, counted from 1. */
const mailedCode = (email: string, count = 1) =>
  app.eventually(() => codeIn(app.mails.received.filter(({ to }) => to === email)[count - 1]?.raw));

async function refusal(answer: Promise<unknown>): Promise<RefusedError> {
  const error = await answer.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof RefusedError) return error;
  throw error;
}

async function signIn(caller: ReplacedClient, email: string, mail = 1) {
  await caller.requestOtp(email);
  return caller.verifyOtp(email, await mailedCode(email, mail));
}

it('registers, asks for a code, redeems it, and reads the own audit log', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  expect(await caller.register(email, PASSWORD)).toMatchObject({
    detail: 'User registered successfully',
  });
  await mailedCode(email);
  expect(await caller.requestOtp(email)).toMatchObject({ detail: 'OTP sent', expires_in: 300 });
  const tokens = await caller.verifyOtp(email, await mailedCode(email, 2));
  expect(tokens).toMatchObject({
    access: expect.any(String),
    refresh: expect.any(String),
    detail: 'OTP verified successfully',
  });

  const { results } = await app.eventually(async () => {
    const page = await caller.auditLogs({ email });
    return page.results.some(({ event }) => event === 'OTP_VERIFIED') && page;
  });
  expect(results.map(({ event }) => event).slice(0, 2)).toEqual(['OTP_VERIFIED', 'OTP_REQUESTED']);
});

it('signs in with a code alone, and creates the account', async () => {
  expect(await signIn(newCaller(), newAddress())).toMatchObject({ access: expect.any(String) });
});

it('responds to a login with 202 and no tokens, and mails a code for them', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  await caller.register(email, PASSWORD);
  await mailedCode(email);
  const { status, body } = await refusal(caller.login(email, PASSWORD));
  expect({ status, body }).toEqual({
    status: 202,
    body: { detail: 'OTP sent to email', expires_in: 300, challenge_id: expect.any(String) },
  });
  await caller.verifyOtp(email, await mailedCode(email, 2));
  expect((await refusal(caller.login(email, PASSWORD))).status).toBe(202);
});

it('drops the password of a registration if a code without it completes the sign-up', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  await caller.register(email, PASSWORD);
  await mailedCode(email);
  await signIn(caller, email, 2);
  expect((await refusal(caller.login(email, PASSWORD))).status).toBe(401);
});

it('responds 401 to wrong passwords and unknown addresses', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  await caller.register(email, PASSWORD);
  for (const address of [email, newAddress()]) {
    const wrong = await refusal(caller.login(address, NEW_PASSWORD));
    expect(wrong).toMatchObject({ status: 401, message: 'Invalid credentials' });
  }
});

it('does not reveal whether an address was taken', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  const registered = { detail: 'User registered successfully' };
  expect(await caller.register(email, PASSWORD)).toMatchObject(registered);
  await mailedCode(email);
  await signIn(caller, email, 2);
  expect(await caller.register(email, PASSWORD)).toMatchObject(registered);
});

it('sets a new password by forgot-password', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  await caller.register(email, PASSWORD);
  await mailedCode(email);
  const sent = await caller.forgotPassword(email);
  expect(sent).toMatchObject({ detail: 'OTP sent to email', expires_in: 300 });
  const code = await mailedCode(email, 2);
  const wrong = await refusal(caller.resetPassword(email, wrongCode(code), NEW_PASSWORD));
  expect(wrong).toMatchObject({ status: 400, message: 'Invalid or expired OTP' });
  const reset = await caller.resetPassword(email, code, NEW_PASSWORD);
  expect(reset).toEqual({ detail: 'Password reset successful' });
});

it('rejects a wrong code and a used one', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  await caller.requestOtp(email);
  const code = await mailedCode(email);
  const wrong = await refusal(caller.verifyOtp(email, wrongCode(code)));
  expect(wrong).toMatchObject({ status: 400, message: 'Invalid OTP' });
  await caller.verifyOtp(email, code);
  const used = await refusal(caller.verifyOtp(email, code));
  expect(used).toMatchObject({ status: 400, message: 'Invalid OTP' });
});

it('locks after five wrong codes, even for the right one, and reports for how long', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  await caller.requestOtp(email);
  const code = await mailedCode(email);
  for (let i = 0; i < 5; i += 1) {
    const { status } = await refusal(caller.verifyOtp(email, wrongCode(code)));
    expect(status).toBe(400);
  }
  const locked = await refusal(caller.verifyOtp(email, code));
  expect(locked).toMatchObject({
    status: 423,
    message: expect.stringMatching(/^Too many failed attempts, account locked\b/),
  });
  expect(locked.body.unlock_in).toBe(locked.wait);
  expectSeconds(locked.wait, 900);
});

it('mails five codes to an address in ten minutes, and then reports how long to wait', async () => {
  const [caller, email] = [newCaller(), newAddress()];
  for (let i = 0; i < 5; i += 1) await caller.requestOtp(email);
  const limited = await refusal(caller.requestOtp(email));
  expect(limited).toMatchObject({
    status: 429,
    message: expect.stringMatching(/^Too many requests for this email\b/),
  });
  expectSeconds(limited.wait, 600);
});

it('mails ten codes for one client in an hour, and then reports how long to wait', async () => {
  const caller = newCaller();
  for (let i = 0; i < 10; i += 1) await caller.requestOtp(newAddress());
  const limited = await refusal(caller.requestOtp(newAddress()));
  expect(limited).toMatchObject({
    status: 429,
    message: expect.stringMatching(/^Too many requests from this IP\b/),
  });
  expectSeconds(limited.wait, 3600);
});

const nothing = [undefined, undefined] as unknown as [string, string];
const required = ['This field is required.'];
const blank = ['This field may not be blank.'];
const invalid = ['Enter a valid email address.'];

it.each<[string, (caller: ReplacedClient) => Promise<unknown>, Record<string, string[]>]>([
  ['no address', (caller) => caller.requestOtp(undefined as never), { email: required }],
  ['an empty address', (caller) => caller.requestOtp(''), { email: blank }],
  ['a null', (c) => c.requestOtp(null as never), { email: ['This field may not be null.'] }],
  ['what is no address', (caller) => caller.forgotPassword('ada'), { email: invalid }],
  ['two faults at once', (c) => c.register('ada', ''), { email: invalid, password: blank }],
  ['nothing at all', (c) => c.login(...nothing), { email: required, password: required }],
  [
    'a code of seven digits',
    (caller) => caller.verifyOtp(newAddress(), '1234567'),
    { otp: ['Ensure this field has no more than 6 characters.'] },
  ],
  [
    'a reset without code and password',
    (caller) => caller.resetPassword(newAddress(), '', ''),
    { otp: blank, password: blank },
  ],
  [
    'a short password',
    (caller) => caller.register(newAddress(), 'wool-73'),
    { password: ['This password is too short. It must contain at least 8 characters.'] },
  ],
  [
    'a common password',
    (caller) => caller.register(newAddress(), 'password1'),
    { password: ['This password is too common.'] },
  ],
])('names the field that is wrong: %s', async (_what, call, fields) => {
  const error = await refusal(call(newCaller()));
  expect({ status: error.status, fields: error.fields }).toEqual({ status: 400, fields });
});

/** A whole number of seconds, of at most that many. */
function expectSeconds(seconds: number | undefined, most: number): void {
  expect(Number.isInteger(seconds)).toBe(true);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(most);
}
