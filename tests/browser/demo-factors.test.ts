import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { stepAt, totpCode } from '#src/factors/totp-codes.ts';
import { newAddress, type TestApp, useApp } from '../support/app.ts';
import { bytesOf } from '../support/base32.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { PASSWORD, Person } from '../support/flow.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';
import { expectView, keepTokens, submit } from './demo-page.ts';
import {
  addFirstPasskey,
  enterCode,
  expectAccount,
  keepCodes,
  logOut,
  openDemo,
} from './passkey-demo.ts';

const app = useApp();
const strict = useApp({ REQUIRE_MFA: 'all' });
const visitor = useBrowser(app);

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Confirm that it is you' });
const codeOf = ({ clock }: TestApp, secret: string) =>
  totpCode(bytesOf(secret), stepAt(clock.now()));

/** Reads the key of a new app as a user types it, and returns it. */
const keyIn = async (page: Page) =>
  (await page.locator('#app code').innerText()).replaceAll(' ', '');

it('sets up an app by QR code or key, and shows recovery codes once', slow, async () => {
  const page = await visitor.open('/demo');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const email = newAddress();
  await enterCode({ app, page }, email);
  await expectView(page, 'Your account');

  await submit(page, {}, 'Set up an app');
  await submit(page, {}, 'Mail me a code');
  await submit(page, { Code: await new Person(app, email).code(2) }, 'Confirm');
  const view = await expectView(page, 'Set up your app');
  const size = (image: HTMLImageElement) => image.naturalWidth;
  await app.eventually(async () => (await view.locator('img').evaluate(size)) > 0);
  expect(await barriers(page)).toEqual([]);
  await photograph(page, 'demo-app');
  const secret = await keyIn(page);
  const right = codeOf(app, secret);
  const wrong = right === '000000' ? '111111' : '000000';
  await submit(page, { 'Code of the app': wrong }, 'Turn on');
  await view.getByText('The code is wrong.').waitFor();
  await submit(page, { 'Code of the app': right }, 'Turn on');

  const shown = await expectView(page, 'Keep your recovery codes');
  await page.getByText('Your authenticator app was set up.').waitFor();
  const codes = await shown.getByRole('listitem').allInnerTexts();
  expect(codes).toHaveLength(10);
  expect(await barriers(page)).toEqual([]);
  await photograph(page, 'demo-recovery-codes');
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('The codes were copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(codes.join('\n'));
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  for (const code of codes) expect(file).toContain(code);
  await submit(page, {}, 'I have kept them');
  const account = await expectView(page, 'Your account');
  await account.getByText('You have 10 left.').waitFor();
  expect(await page.content()).not.toContain(codes[0]);
  expect(await page.content()).not.toContain(secret.slice(0, 4));
  expect(await barriers(page)).toEqual([]);
});

it('completes a sign-in with the app, whose codes work once', slow, async () => {
  const ada = await FactorOwner.create(app);
  await ada.enroll();
  const page = await visitor.open('/demo');
  await enterCode({ app, page }, ada.email);
  await submit(page, { 'Code of your authenticator app': ada.totp() }, 'Confirm');
  await dialogOf(page).getByText('That code is wrong, or was used already.').waitFor();
  expect(await barriers(page)).toEqual([]);
  app.clock.advance({ seconds: 30 });
  await submit(page, { 'Code of your authenticator app': ada.totp() }, 'Confirm');
  await expectAccount(page, ada.email);
});

it('asks for a factor before it renews recovery codes or removes the app', async () => {
  const ada = await FactorOwner.enrolled(app);
  const page = await visitor.open('/demo');
  await keepTokens(page, { accessToken: ada.token, refreshToken: ada.refreshToken });
  await page.reload();
  const account = await expectAccount(page, ada.email);
  await account.getByText('You have 10 left.').waitFor();
  app.clock.advance({ seconds: 660 });
  await submit(page, {}, 'Renew the codes');
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click();
  await dialogOf(page).waitFor({ state: 'hidden' });
  await submit(page, {}, 'Renew the codes');
  await dialogOf(page).waitFor();
  expect(await dialogOf(page).getByLabel('Password', { exact: true }).isVisible()).toBe(false);
  await submit(page, { 'Recovery code': ada.recoveryCodes[0] ?? '' }, 'Use the recovery code');
  const codes = await keepCodes(page);
  expect(codes).toHaveLength(10);
  expect(codes).not.toContain(ada.recoveryCodes[1]);
  await submit(page, {}, 'Remove the app');
  await page.getByText('Your authenticator app was removed.').waitFor();
  await account.getByText('You have no app yet.').waitFor();
  expect(await page.getByRole('heading', { name: 'Recovery codes' }).isVisible()).toBe(false);
  expect((await ada.ask('factors')).members).toMatchObject({ kinds: [], recoveryCodesLeft: 0 });
});

it('completes a sign-in with a passkey, or ends it', async () => {
  const demo = await openDemo(app, visitor);
  const { page, authenticator } = demo;
  const { email } = await addFirstPasskey(demo);
  await logOut(demo, false);
  await enterCode(demo, email);
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click();
  await expectView(page, 'Sign in');
  await page.getByText('You did not sign in.').waitFor();
  await enterCode(demo, email);
  await dialogOf(page).waitFor();
  await authenticator.setPresence(true);
  await submit(page, {}, 'Use a passkey');
  await expectAccount(page, email);
});

it('lets a session only add a factor where the service requires one', async () => {
  const baseURL = strict.url;
  const page = await visitor.open('/demo', { baseURL });
  const ada = new Person(strict);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await submit(page, { 'E-mail address': ada.email, 'New password': PASSWORD }, 'Create account');
  await submit(page, { Code: await ada.code() }, 'Sign in');
  await expectView(page, 'Add a second factor');
  expect(await barriers(page)).toEqual([]);
  await submit(page, {}, 'Set up an authenticator app');
  await submit(page, { Password: 'not the password' }, 'Confirm');
  await dialogOf(page).getByText('The password is wrong.').waitFor();
  await submit(page, { Password: PASSWORD }, 'Confirm');
  await expectView(page, 'Set up your app');
  await submit(page, { 'Code of the app': codeOf(strict, await keyIn(page)) }, 'Turn on');
  await keepCodes(page);
  await expectAccount(page, ada.email);
});
