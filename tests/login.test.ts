import { expect, it } from 'vitest';
import { newAddress, useApp } from './support/app.ts';
import { codeIn } from './support/code-in-mail.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp();

it('mails a code for the right password, and gives no token', async () => {
  const ada = new Person(app);
  await ada.signUp();
  const answer = await ada.login();

  expect(answer.data?.login).toEqual({
    detail: 'OTP sent to email',
    expiresIn: 300,
    challengeId: expect.stringMatching(/^\d{4}(-\d{4}){9}$/),
  });
  const code = await ada.code(2);
  expect(answer.text).not.toContain(code);
});

it('rejects a wrong password and an unknown address with the same response', async () => {
  const ada = new Person(app);
  await ada.signUp();
  const wrong = await ada.login('not-the-password');
  const unknown = await new Person(app, newAddress()).login();

  expect(wrong.code).toBe('INVALID_CREDENTIALS');
  expect(unknown.text).toBe(wrong.text);
  await app.mailsDelivered();
  expect(ada.mails()).toHaveLength(1);
});

it('rejects every password where the account has none', async () => {
  const ada = new Person(app);
  await ada.signIn();

  for (const password of ['', PASSWORD, 'null']) {
    expect((await ada.login(password)).code).toBe('INVALID_CREDENTIALS');
  }
});

it('compares the password exactly: spaces, case and bytes past 72 count', async () => {
  const ada = new Person(app);
  const long = `  ${'ä'.repeat(40)}End `;
  await ada.register(long);

  for (const near of [long.trim(), long.toUpperCase(), long.replace('End', 'end')]) {
    expect((await ada.login(near)).code).toBe('INVALID_CREDENTIALS');
  }
  expect((await ada.login(long)).code).toBeUndefined();
});

it('ignores case and surrounding spaces of the address', async () => {
  const ada = new Person(app);
  await ada.signUp();
  const shouting = new Person(app, ` ${ada.email.toUpperCase()}\t`);

  expect((await shouting.login()).code).toBeUndefined();
  expect(codeIn(await app.eventually(() => ada.mails()[1]))).toBeDefined();
});

it('mails what was requested, when, from where, and the expiry of the code', async () => {
  const ada = new Person(app);
  await ada.signUp();
  await ada.login();
  await ada.code(2);

  const mail = ada.mails()[1];
  expect(mail).toMatch(/^Subject: Your localhost code: \d{6}\r$/m);
  expect(mail).toMatch(/^Content-Type: text\/plain/m);
  expect(mail).toMatch(/^Content-Type: text\/html/m);
  expect(mail).toMatch(/It is valid for 5 minutes and works only once\./);
  expect(mail).toMatch(/^Time: .+ UTC/m);
  expect(mail).toContain(`IP address: ${ada.from}`);
});

it('records a right and a wrong password, once each', async () => {
  const ada = new Person(app);
  await ada.register();
  await ada.login('not-the-password');
  await ada.login();

  const names = await app.eventually(async () => {
    const events = (await ada.events()).map(({ event }) => event);
    return events.length === 5 && events;
  });
  expect(names).toEqual([
    ...['REGISTERED', 'OTP_REQUESTED'],
    ...['LOGIN_FAILED', 'LOGIN_SUCCEEDED', 'OTP_REQUESTED'],
  ]);
});
