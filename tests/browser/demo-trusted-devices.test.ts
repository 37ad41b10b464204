import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';
import { expectView, submit } from './demo-page.ts';
import { enterCode, expectAccount } from './passkey-demo.ts';

const app = useApp({ TRUSTED_DEVICE_DAYS: '14' });
const off = useApp();
const visitor = useBrowser(app);

const box = (page: Page) => page.getByLabel('Trust this browser for 14 days');
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Confirm that it is you' });
const confirm = (page: Page, totp: string) =>
  submit(page, { 'Code of your authenticator app': totp }, 'Confirm');
const devicesOf = (page: Page) => page.getByRole('heading', { name: 'Trusted browsers' });

async function logOut(page: Page): Promise<void> {
  await submit(page, {}, 'Log out');
  await expectView(page, 'Sign in');
}

it('trusts a browser only if the box is checked, and stops when it is removed', slow, async () => {
  const ada = await FactorOwner.enrolled(app);
  const { email } = ada;
  const page = await visitor.open('/demo');
  await enterCode({ app, page }, email);
  await box(page).waitFor();
  expect(await box(page).isChecked()).toBe(false);
  expect(await barriers(page)).toEqual([]);
  await photograph(page, 'demo-trust');
  await confirm(page, ada.totp());
  await expectAccount(page, email);
  expect(await devicesOf(page).isVisible()).toBe(false);
  await logOut(page);

  app.clock.advance({ seconds: 30 });
  await enterCode({ app, page }, email);
  await box(page).check();
  await confirm(page, ada.totp());
  await expectAccount(page, email);
  await logOut(page);
  await enterCode({ app, page }, email);
  await expectAccount(page, email);
  await devicesOf(page).waitFor();
  expect(await barriers(page)).toEqual([]);
  // After a reload, the session is still there: its refresh token is in a cookie.
  app.clock.advance({ seconds: 1000 });
  await page.reload();
  await expectAccount(page, email);
  expect(await page.evaluate(() => sessionStorage.getItem('gatehouse-demo'))).toContain(
    '"refreshToken":null',
  );

  await page.getByRole('button', { name: /^Remove .+ trusted browsers$/ }).click();
  await page.getByText('The browser was removed.').waitFor();
  await devicesOf(page).waitFor({ state: 'hidden' });
  await logOut(page);
  await enterCode({ app, page }, email);
  await box(page).waitFor();
  expect(await box(page).isChecked()).toBe(false);
});

it('offers nothing for a step-up, or if the service trusts no devices', slow, async () => {
  const ada = await FactorOwner.enrolled(off);
  const page = await visitor.open('/demo', { baseURL: off.url });
  await enterCode({ app: off, page }, ada.email);
  await dialogOf(page).waitFor();
  expect(await page.locator('#trust').isVisible()).toBe(false);
  expect(await page.context().cookies()).toEqual([]);

  const bob = await FactorOwner.enrolled(app);
  const other = await visitor.open('/demo');
  await enterCode({ app, page: other }, bob.email);
  await box(other).check();
  await confirm(other, bob.totp());
  await expectAccount(other, bob.email);
  await app.sql('update sessions set stepped_up_at = null');
  await submit(other, {}, 'Renew the codes');
  await dialogOf(other).waitFor();
  expect(await box(other).isVisible()).toBe(false);
});
