import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addAuthenticator, deviceCredential } from '../browser/virtual-authenticator.ts';
import type { TestApp } from '../support/app.ts';
import { Authenticator } from '../support/authenticator.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { wrongCode } from '../support/flow.ts';
import { PasskeyFactorOwner } from '../support/passkey-factor-owner.ts';
import { ORIGIN } from '../support/passkeys.ts';
import { enter } from './sign-in.ts';

const FACTOR = 'Code of your app, or a recovery code';

/**
 * Signs in with the code of an app, then with a recovery code, and in a trusted browser without a
 * factor. Begins and ends on the form for the address.
 *
 * @param trusts whether the page is in cookie mode, and so offers to trust the browser
 */
export async function expectFactor(
  page: Page,
  app: TestApp,
  { trusts = false }: { readonly trusts?: boolean } = {},
): Promise<void> {
  const ada = await FactorOwner.enrolled(app);
  const box = page.getByLabel('Trust this browser for 30 days');
  await redeem(page, ada);
  await enter(page, FACTOR, wrongCode(ada.totp()));
  await page.getByRole('alert').filter({ hasText: 'That code is wrong' }).waitFor();
  expect(await box.isVisible()).toBe(trusts);
  await page.getByText('Start again', { exact: true }).filter({ visible: true }).click();
  await redeem(page, ada);
  await enter(page, FACTOR, ada.totp());
  await logOut(page, ada);

  await redeem(page, ada);
  await page.getByLabel(FACTOR).waitFor();
  if (trusts) await box.check();
  await enter(page, FACTOR, ada.recoveryCodes[0] ?? '');
  await logOut(page, ada);
  if (!trusts) return;

  await redeem(page, ada);
  await logOut(page, ada);
}

/** Signs in with a mailed code and a passkey. Begins on the form for the address. */
export async function expectPasskey(page: Page, app: TestApp): Promise<void> {
  const ada = await PasskeyFactorOwner.create(app);
  ada.authenticator = new Authenticator(ORIGIN, { isSynced: false });
  expect((await ada.addPasskey()).code).toBeUndefined();
  const device = await addAuthenticator(page);
  await redeem(page, ada);
  const button = page.getByRole('button', { name: 'Use a passkey' });
  await button.click();
  await page.getByRole('alert').filter({ hasText: 'No passkey was used.' }).waitFor();
  for (const credential of ada.authenticator.credentials) {
    await device.store(deviceCredential(credential));
  }
  await button.click();
  await logOut(page, ada);
}

/** Enters the address and the mailed code. */
async function redeem(page: Page, ada: FactorOwner): Promise<void> {
  await ada.app.mailsDelivered();
  const before = ada.codes().length;
  await enter(page, 'E-mail address', ada.email);
  await enter(page, 'Code', await ada.code(before + 1));
}

async function logOut(page: Page, { email }: FactorOwner): Promise<void> {
  await page.getByText(`Signed in as ${email}`).waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('E-mail address').waitFor();
}
