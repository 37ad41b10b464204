import type { Page } from 'playwright-core';
import { newAddress, type TestApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import type { useBrowser } from './browser.ts';
import { expectView, submit } from './demo-page.ts';
import { addAuthenticator, type VirtualAuthenticator } from './virtual-authenticator.ts';

/** The demo, in a browser with an authenticator. */
export interface Demo {
  readonly app: TestApp;
  readonly page: Page;
  readonly authenticator: VirtualAuthenticator;
}

/** Opens the demo with an authenticator whose user does nothing by himself yet. */
export async function openDemo(
  app: TestApp,
  visitor: ReturnType<typeof useBrowser>,
  host = 'localhost',
): Promise<Demo> {
  const baseURL = app.url.replace('127.0.0.1', host);
  const page = await visitor.open('about:blank', { baseURL });
  const authenticator = await addAuthenticator(page);
  await authenticator.setPresence(false);
  await page.goto('/demo');
  return { app, page, authenticator };
}

/** Enters the code that is mailed to an address, from the sign-in on. */
export async function enterCode({ app, page }: Pick<Demo, 'app' | 'page'>, email: string) {
  await page.getByRole('link', { name: 'Sign in with a code instead' }).click();
  await submit(page, { 'E-mail address': email }, 'Send me a code');
  await expectView(page, 'Enter the code');
  await app.mailsDelivered();
  const person = new Person(app, email);
  await submit(page, { Code: await person.code(person.codes().length) }, 'Sign in');
}

/** Keeps the recovery codes that the page shows, and returns them. */
export async function keepCodes(page: Page): Promise<string[]> {
  const view = await expectView(page, 'Keep your recovery codes');
  const codes = await view.getByRole('listitem').allInnerTexts();
  await submit(page, {}, 'I have kept them');
  await expectView(page, 'Your account');
  return codes;
}

/** Signs a new account in with a code, adds its first passkey, and leaves the account open. */
export async function addFirstPasskey(demo: Demo, email = newAddress()) {
  const { page, authenticator } = demo;
  await authenticator.setPresence(false);
  await enterCode(demo, email);
  await expectView(page, 'Sign in faster next time');
  await authenticator.setPresence(true);
  await submit(page, {}, 'Add a passkey');
  const codes = await keepCodes(page);
  return { email, codes };
}

/** Waits until the account of an address is open. */
export async function expectAccount(page: Page, email: string) {
  const account = await expectView(page, 'Your account');
  await account.getByText('Address').locator('..').getByText(email).waitFor();
  return account;
}

/** Logs out. The authenticator answers the offer of autofill if its user is present. */
export async function logOut({ page, authenticator }: Demo, isPresent: boolean): Promise<void> {
  await authenticator.setPresence(isPresent);
  await submit(page, {}, 'Log out');
}
