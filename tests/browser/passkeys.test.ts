import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { newAddress, useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';
import { expectView, storedTokens, submit } from './demo-page.ts';
import { addAuthenticator } from './virtual-authenticator.ts';

const app = useApp();
const visitor = useBrowser(app);

/** Opens the demo with an authenticator whose user does nothing by himself yet. */
async function openDemo() {
  const baseURL = app.url.replace('127.0.0.1', 'localhost');
  const page = await visitor.open('/inbox', { baseURL });
  const authenticator = await addAuthenticator(page);
  await authenticator.setPresence(false);
  await page.goto('/demo');
  return { page, authenticator };
}

type Demo = Awaited<ReturnType<typeof openDemo>>;

async function signInByCode(page: Page, email: string) {
  await page.getByRole('link', { name: 'Sign in with a code instead' }).click();
  await submit(page, { 'E-mail address': email }, 'Send me a code');
  await expectView(page, 'Enter the code');
  const person = new Person(app, email);
  await app.mailsDelivered();
  const codes = person.codes().length;
  await submit(page, { Code: await person.code(codes) }, 'Sign in');
}

it('adds, uses by autofill, renames and removes a passkey', slow, async () => {
  const { page, authenticator } = await openDemo();
  const email = newAddress();
  await signInByCode(page, email);
  await expectView(page, 'Sign in faster next time');
  expect(await barriers(page)).toEqual([]);
  await authenticator.setPresence(true);
  await submit(page, {}, 'Add a passkey');
  const account = await expectView(page, 'Your account');
  await page.getByText('Your passkey was added.').waitFor();
  expect(await authenticator.credentials()).toHaveLength(1);
  await photograph(page, 'passkeys');

  // A conditional request is pending as soon as the sign-in shows, and the authenticator answers it.
  await submit(page, {}, 'Log out');
  await expectView(page, 'Your account');
  await account.getByText('Address').locator('..').getByText(email).waitFor();

  const name = account.getByLabel(/^Name of the passkey/);
  await name.fill('My laptop');
  await name.blur();
  await page.getByText('Your passkey was renamed.').waitFor();
  expect(await barriers(page)).toEqual([]);
  await account.getByRole('button', { name: 'Remove the passkey My laptop' }).click();
  await page.getByText('Your passkey was removed.').waitFor();
  await account.getByText('You have no passkey yet.').waitFor();
  // The signal has removed it from the device, too.
  await app.eventually(async () => (await authenticator.credentials()).length === 0);
});

it('offers no passkeys to a page of an IP address, where browsers have none', async () => {
  const page = await visitor.open('/demo');
  expect(await page.evaluate(() => typeof PublicKeyCredential)).toBe('function');
  await signInByCode(page, newAddress());
  const account = await expectView(page, 'Your account');
  await account.getByText('You have no passkey yet.').waitFor();
  expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0);
  await submit(page, {}, 'Log out');
  await expectView(page, 'Sign in');
  expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0);
});

/** Signs a new account in with a code, adds its first passkey, and leaves the account open. */
async function addFirst({ page, authenticator }: Demo, email = newAddress()) {
  await authenticator.setPresence(false);
  await signInByCode(page, email);
  await expectView(page, 'Sign in faster next time');
  await authenticator.setPresence(true);
  await submit(page, {}, 'Add a passkey');
  await expectView(page, 'Your account');
  await page.getByText('Your passkey was added.').waitFor();
  return email;
}

it('refuses a copy of a passkey, whose counter goes back', slow, async () => {
  const demo = await openDemo();
  const { page, authenticator } = demo;
  const email = await addFirst(demo);
  const [own] = await authenticator.credentials();
  if (!own) throw new Error('the authenticator has no passkey');
  await authenticator.store({ ...own, signCount: 1000 });
  await submit(page, {}, 'Log out');
  const account = await expectView(page, 'Your account');
  await account.getByText('Address').locator('..').getByText(email).waitFor();

  await authenticator.store({ ...own, signCount: 500 });
  await submit(page, {}, 'Log out');
  await page.getByText('The passkey was not accepted.').waitFor();
  expect(await storedTokens(page)).toBeNull();
  await app.auditWritten();
  const events = await new Person(app, email).events();
  const refused = events.filter(({ event }) => event === 'PASSKEY_FAILED');
  expect(refused.map(({ metadata }) => metadata.reason)).toEqual(['COUNTER']);
});
