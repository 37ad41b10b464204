import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { newAddress, useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';
import { expectView, submit } from './demo-page.ts';

const app = useApp();
const visitor = useBrowser(app);

/** An authenticator of the browser that verifies the user without asking. */
interface VirtualAuthenticator {
  credentials(): Promise<readonly { credentialId: string; userName?: string }[]>;
  /** Makes the user answer prompts, or leave them. */
  setPresence(isPresent: boolean): Promise<void>;
  remove(): Promise<void>;
  add(): Promise<void>;
}

async function addAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  let authenticatorId = '';
  const add = async () => {
    ({ authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    }));
  };
  await add();
  return {
    add,
    async credentials() {
      const found = await session.send('WebAuthn.getCredentials', { authenticatorId });
      return found.credentials;
    },
    async setPresence(enabled) {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    async remove() {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
  };
}

/** Opens the demo with an authenticator whose user does nothing by himself yet. */
async function openDemo() {
  const baseURL = app.url.replace('127.0.0.1', 'localhost');
  const page = await visitor.open('/inbox', { baseURL });
  const authenticator = await addAuthenticator(page);
  await authenticator.setPresence(false);
  await page.goto('/demo');
  return { page, authenticator };
}

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
