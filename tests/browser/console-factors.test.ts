import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { stepAt, totpCode } from '#src/factors/totp-codes.ts';
import { type TestApp, useApp } from '../support/app.ts';
import { Authenticator } from '../support/authenticator.ts';
import { bytesOf } from '../support/base32.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { Person } from '../support/flow.ts';
import { PasskeyFactorOwner } from '../support/passkey-factor-owner.ts';
import { ORIGIN } from '../support/passkeys.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';
import { addAuthenticator, deviceCredential } from './virtual-authenticator.ts';

const app = useApp();
const strict = useApp({ REQUIRE_MFA: 'admins' });
const visitor = useBrowser(app);

const button = (page: Page, name: string) => page.getByRole('button', { name });
const expectHeading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

const promote = ({ app: service, email }: Person) =>
  service.sql("update accounts set role = 'ADMIN' where email = ?", [email]);

/** Redeems a mailed code in the sign-in form. */
async function enterCode(page: Page, person: Person): Promise<void> {
  await person.app.mailsDelivered();
  const codes = person.codes().length;
  await page.getByLabel('E-mail address').fill(person.email);
  await button(page, 'Mail me a code').click();
  await page.getByLabel('Code').fill(await person.code(codes + 1));
  await button(page, 'Sign in').click();
}

/** Opens the dialog that creates an API key, which asks for a step-up. */
async function createKey(page: Page): Promise<void> {
  await page.goto('/console#/api-keys');
  await button(page, 'Create a key').click();
  await page.getByLabel('Name').fill('crm');
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('Confirm that it is you').waitFor();
}

it('signs in with an app, and steps up with it', async () => {
  const admin = await FactorOwner.enrolled(app);
  await promote(admin);
  const page = await visitor.open('/console');
  await enterCode(page, admin);
  await expectHeading(page, 'Confirm that it is you');
  expect(await button(page, 'Use a passkey').count()).toBe(0);
  expect(await barriers(page, 'all')).toEqual([]);
  await page.getByLabel('Code').fill('000000');
  await button(page, 'Sign in').click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Code').fill(admin.totp());
  await button(page, 'Sign in').click();
  await expectHeading(page, 'Overview');
  await createKey(page);
  expect(await page.getByText('Use the password instead').count()).toBe(0);
  await page.getByLabel('Code').fill(admin.recoveryCodes[0] ?? '');
  await button(page, 'Confirm').click();
  expect(await page.locator('.secret code').innerText()).toMatch(/^gk_/);
});

it('signs in with a passkey, alone or after a code, and steps up with it', slow, async () => {
  const admin = await PasskeyFactorOwner.create(app);
  admin.authenticator = new Authenticator(ORIGIN, { isSynced: false });
  expect((await admin.addPasskey()).code).toBeUndefined();
  await promote(admin);
  const baseURL = app.url.replace('127.0.0.1', 'localhost');
  const page = await visitor.open('/console', { baseURL });
  const device = await addAuthenticator(page);
  await button(page, 'Sign in with a passkey').click();
  await page.getByRole('alert').getByText('The browser used no passkey.').waitFor();
  expect(await barriers(page, 'all')).toEqual([]);
  for (const credential of admin.authenticator.credentials) {
    await device.store(deviceCredential(credential));
  }
  await button(page, 'Sign in with a passkey').click();
  await expectHeading(page, 'Overview');
  await button(page, 'Log out').click();
  await enterCode(page, admin);
  await button(page, 'Use a passkey').click();
  await expectHeading(page, 'Overview');
  await createKey(page);
  expect(await barriers(page, 'all')).toEqual([]);
  await button(page, 'Use a passkey').click();
  expect(await page.locator('.secret code').innerText()).toMatch(/^gk_/);
});

/** Opens the console of an installation that requires a factor, as an administrator without one. */
async function openStrict(admin: Person): Promise<Page> {
  await admin.signIn();
  await promote(admin);
  const page = await visitor.open('/console', {
    baseURL: strict.url.replace('127.0.0.1', 'localhost'),
  });
  await enterCode(page, admin);
  await expectHeading(page, 'Add a second factor');
  return page;
}

/** Confirms the identity with a mailed code. */
async function confirm(page: Page, person: Person): Promise<void> {
  await person.app.mailsDelivered();
  const codes = person.codes().length;
  await button(page, 'Mail me a code').click();
  await page.getByLabel('Code').fill(await person.code(codes + 1));
  await button(page, 'Confirm').click();
}

async function keepCodes(page: Page): Promise<void> {
  await expectHeading(page, 'Keep your recovery codes');
  expect(await page.getByRole('listitem').count()).toBe(10);
  expect(await barriers(page, 'all')).toEqual([]);
  await button(page, 'I have kept them').click();
  await expectHeading(page, 'Overview');
}

const codeOf = ({ clock }: TestApp, key: string) =>
  totpCode(bytesOf(key.replaceAll(' ', '')), stepAt(clock.now()));

it('lets an administrator set up an app where a factor is required', slow, async () => {
  const admin = new Person(strict);
  const page = await openStrict(admin);
  expect(await barriers(page, 'all')).toEqual([]);
  await button(page, 'Set up an authenticator app').click();
  await confirm(page, admin);
  await expectHeading(page, 'Set up your app');
  expect(await barriers(page, 'all')).toEqual([]);
  await photograph(page, 'console-app');
  await page.getByLabel('Code of the app').fill('000000');
  await button(page, 'Turn on').click();
  await page.getByRole('alert').getByText('The code is wrong.').waitFor();
  const code = codeOf(strict, await page.locator('code').innerText());
  await page.getByLabel('Code of the app').fill(code);
  await button(page, 'Turn on').click();
  await keepCodes(page);
  await page.reload();
  await expectHeading(page, 'Overview');
});

it('lets an administrator add a passkey where a factor is required', async () => {
  const admin = new Person(strict);
  const page = await openStrict(admin);
  await addAuthenticator(page);
  await button(page, 'Add a passkey').click();
  await keepCodes(page);
  await button(page, 'Log out').click();
  await button(page, 'Sign in with a passkey').click();
  await expectHeading(page, 'Overview');
});
