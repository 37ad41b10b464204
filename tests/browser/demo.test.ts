import { expect, it } from 'vitest';
import { newAddress, useApp } from '../support/app.ts';
import { PASSWORD, Person } from '../support/flow.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';
import { codeInInbox, expectView, keepTokens, storedTokens, submit } from './demo-page.ts';

const app = useApp();
const visitor = useBrowser(app);

it(
  'registers, signs in with the code that the inbox shows, and changes the profile',
  slow,
  async () => {
    const page = await visitor.open('/demo');
    const email = 'ada@example.com';
    await page.getByRole('link', { name: 'Create an account' }).click();
    await submit(page, { 'E-mail address': email, 'New password': PASSWORD }, 'Create account');
    await expectView(page, 'Enter the code');
    expect(await barriers(page)).toEqual([]);
    await submit(page, { Code: await codeInInbox(page, email) }, 'Sign in');

    const account = await expectView(page, 'Your account');
    await account.getByText('Address').locator('..').getByText(email).waitFor();
    await submit(page, { 'First name': 'Ada', 'Last name': 'King' }, 'Save');
    await account.getByText('Ada King').waitFor();
    await app.eventually(async () => {
      await submit(page, {}, 'Refresh');
      return account.getByRole('cell', { name: 'Profile updated' }).isVisible();
    });
    expect(await barriers(page)).toEqual([]);
    await photograph(page, 'demo');

    await page.reload();
    await account.getByText('Ada King').waitFor();
    await submit(page, {}, 'Log out');
    await expectView(page, 'Sign in');
    expect(await storedTokens(page)).toBeNull();
  },
);

it('signs in with a code alone', async () => {
  const page = await visitor.open('/demo');
  const email = newAddress();
  await page.getByRole('link', { name: 'Sign in with a code instead' }).click();
  await submit(page, { 'E-mail address': email }, 'Send me a code');
  await expectView(page, 'Enter the code');
  await submit(page, { Code: await new Person(app, email).code() }, 'Sign in');
  await (await expectView(page, 'Your account'))
    .getByText('none: you sign in with codes')
    .waitFor();
});

it('sets a new password after a code', async () => {
  const ada = new Person(app);
  await ada.signIn();
  const page = await visitor.open('/demo');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await submit(page, { 'E-mail address': ada.email }, 'Send me a code');
  await expectView(page, 'Choose a new password');
  expect(await barriers(page)).toEqual([]);
  await submit(page, { Code: await ada.code(2), 'New password': PASSWORD }, 'Set password');
  await expectView(page, 'Sign in');
  await submit(page, { Password: PASSWORD }, 'Continue');
  await expectView(page, 'Enter the code');
});

it('accepts a code with spaces and dashes, and reports a wrong one', async () => {
  const page = await visitor.open('/demo#without-password');
  const ada = new Person(app);
  await submit(page, { 'E-mail address': ada.email }, 'Send me a code');
  const view = await expectView(page, 'Enter the code');
  const code = await ada.code();
  const wrong = code === '000000' ? '111111' : '000000';
  await submit(page, { Code: wrong }, 'Sign in');
  await view.getByText('That code is wrong or older than the newest mail.').waitFor();
  await submit(page, { Code: ` ${code.slice(0, 3)}-${code.slice(3)}\u200b` }, 'Sign in');
  await expectView(page, 'Your account');
});

it('sends another code after a countdown, and accepts it', async () => {
  const page = await visitor.open('/demo');
  await page.clock.install();
  const ada = new Person(app);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await submit(page, { 'E-mail address': ada.email, 'New password': PASSWORD }, 'Create account');
  await expectView(page, 'Enter the code');
  const resend = page.locator('section:visible').getByRole('button', { name: /^Resend/ });
  expect(await resend.isDisabled()).toBe(true);
  expect(await resend.innerText()).toMatch(/^Resend the code in \d+ s$/);
  await ada.code(1);
  await page.clock.fastForward(31_000);
  await resend.click();
  await page.getByText('A new code is on its way.').waitFor();
  await submit(page, { Code: await ada.code(2) }, 'Sign in');
  const account = await expectView(page, 'Your account');
  await account.getByText('set', { exact: true }).waitFor();
});

it('shows a password on demand, and hides it again when the view is left', async () => {
  const page = await visitor.open('/demo');
  const password = page.locator('#sign-in').getByLabel('Password', { exact: true });
  await password.fill(PASSWORD);
  await page.getByRole('button', { name: 'Show password' }).click();
  expect(await password.getAttribute('type')).toBe('text');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('link', { name: 'I have an account' }).click();
  expect(await password.getAttribute('type')).toBe('password');
  expect(await password.inputValue()).toBe('');
});

it('lists the sessions, ends another one, and changes the password', slow, async () => {
  const ada = new Person(app);
  const other = await ada.signUp();
  const page = await visitor.open('/demo');
  await keepTokens(page, await ada.signIn());
  await page.reload();
  const account = await expectView(page, 'Your account');
  const sessions = account.locator('#sessions li');
  await sessions.nth(1).waitFor();
  await sessions.getByRole('button', { name: /^End the session/ }).click();
  await app.eventually(async () => (await sessions.count()) === 1);
  expect((await ada.refresh(other.refreshToken)).code).toBe('INVALID_TOKEN');

  const form = { 'Current password': 'not this one', 'New password': 'amber-compass-91' };
  await submit(page, form, 'Change password');
  await account.locator('.field:has([name=currentPassword]) + .problem').waitFor();
  await submit(page, { ...form, 'Current password': PASSWORD }, 'Change password');
  await page.getByRole('status').getByText('Your password was changed').waitFor();
  expect((await ada.login('amber-compass-91')).code).toBeUndefined();
  expect(await barriers(page)).toEqual([]);
});

it('fits on a telephone, with each event on at most two lines', slow, async () => {
  const page = await visitor.open('/demo', { viewport: { width: 375, height: 667 } });
  await keepTokens(page, await new Person(app).signIn());
  await app.auditWritten();
  await page.goto('/demo');
  const row = await page.locator('tbody tr').first().boundingBox();
  expect(row?.height).toBeLessThan(60);
  const overflow = () => document.documentElement.scrollWidth - window.innerWidth;
  expect(await page.evaluate(overflow)).toBe(0);
  await page.goto('/api/docs/');
  await page.locator('h1, h2').first().waitFor();
  expect(await page.evaluate(overflow)).toBe(0);
});

it('shows the error beside each field, and focuses the first one', async () => {
  const page = await visitor.open('/demo');
  await page.getByRole('link', { name: 'Create an account' }).click();
  const register = await expectView(page, 'Create an account');
  await submit(page, { 'E-mail address': 'nobody', 'New password': 'password' }, 'Create account');
  await register.getByText('This password is too common.').waitFor();
  const email = page.locator('input:focus');
  expect(await email.getAttribute('name')).toBe('email');
  expect(await email.getAttribute('aria-invalid')).toBe('true');
  const problem = page.locator(`#${await email.getAttribute('aria-describedby')}`);
  expect(await problem.innerText()).toBe('Enter a valid email address.');

  await page.getByRole('link', { name: 'I have an account' }).click();
  const signIn = await expectView(page, 'Sign in');
  await submit(page, { 'E-mail address': newAddress(), Password: PASSWORD }, 'Continue');
  await signIn.locator('.field:has([name=password]) + .problem').waitFor();
});

it('says how long to wait while an account is locked', async () => {
  const ada = new Person(app, newAddress(), '127.0.0.1');
  for (let i = 0; i < 5; i += 1) await ada.login();
  const page = await visitor.open('/demo');
  await submit(page, { 'E-mail address': ada.email, Password: PASSWORD }, 'Continue');
  const message = page.getByRole('status').getByText('locked');
  expect(await message.innerText()).toMatch(
    /account locked \(LIMIT_.+\)\. Try again in 15 minutes.$/,
  );
});

it('refreshes expired tokens once for all requests, and keeps the new ones after a reload', async () => {
  const page = await visitor.open('/demo');
  const ada = new Person(app);
  const old = await ada.signIn();
  await app.eventually(async () => (await ada.events()).length === 2);
  await keepTokens(page, { ...old, accessToken: 'too old' });
  const sent: string[] = [];
  page.on('request', (request) => void sent.push(request.postData() ?? ''));
  await page.reload();
  const account = await expectView(page, 'Your account');
  await account.getByText(ada.email).waitFor();
  await account.getByRole('cell', { name: 'Code verified' }).waitFor();

  expect(sent.filter((body) => body.includes('query Me'))).toHaveLength(2);
  expect(sent.filter((body) => body.includes('mutation RefreshTokens'))).toHaveLength(1);
  expect(await storedTokens(page)).not.toContain(old.refreshToken);
  await page.reload();
  await account.getByText(ada.email).waitFor();
});

it('asks to sign in again after the session ended, and removes its data from the page', async () => {
  const ada = new Person(app);
  const page = await visitor.open('/demo');
  const tokens = await ada.signIn();
  await keepTokens(page, tokens);
  await page.reload();
  const account = await expectView(page, 'Your account');
  await account.getByText(ada.email).waitFor();
  await ada.logout(tokens);
  await submit(page, {}, 'Save');
  await expectView(page, 'Sign in');
  await page.getByRole('status').getByText('Your session has ended').waitFor();
  expect(await page.content()).not.toContain(ada.email);
  expect(await storedTokens(page)).toBeNull();
});

it('has no serious accessibility problem in any view', slow, async () => {
  const page = await visitor.open('/demo');
  for (const id of ['sign-in', 'register', 'without-password', 'forgotten']) {
    await page.goto(`/demo#${id}`);
    await page.locator('button[type=submit]:visible').click();
    await page.locator('.problem:visible').first().waitFor();
    expect(await barriers(page)).toEqual([]);
  }
});
