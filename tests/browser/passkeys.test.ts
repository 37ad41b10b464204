import { expect, it } from 'vitest';
import { newAddress, useApp } from '../support/app.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';
import { expectView, storedTokens, submit } from './demo-page.ts';
import { addFirstPasskey, enterCode, expectAccount, logOut, openDemo } from './passkey-demo.ts';

const app = useApp();
const visitor = useBrowser(app);

it('adds a passkey, signs in with it by autofill, renames and removes it', slow, async () => {
  const demo = await openDemo(app, visitor);
  const { page, authenticator } = demo;
  const email = newAddress();
  await enterCode(demo, email);
  await expectView(page, 'Sign in faster next time');
  expect(await barriers(page)).toEqual([]);
  await authenticator.setPresence(true);
  await submit(page, {}, 'Add a passkey');
  await page.getByText('Your passkey was added.').waitFor();
  await expectView(page, 'Keep your recovery codes');
  await submit(page, {}, 'I have kept them');
  await expectView(page, 'Your account');
  expect(await authenticator.credentials()).toHaveLength(1);
  await photograph(page, 'passkeys');

  // A conditional request is pending as soon as the sign-in shows, and the authenticator answers it.
  await logOut(demo, true);
  const account = await expectAccount(page, email);

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

it('signs in two accounts of one device by autofill, each with its own passkey', async () => {
  const demo = await openDemo(app, visitor);
  const { page, authenticator } = demo;
  const ada = await addFirstPasskey(demo);
  const [ofAda] = await authenticator.credentials();
  await logOut(demo, false);
  await expectView(page, 'Sign in');
  const bob = await addFirstPasskey(demo);
  const both = await authenticator.credentials();
  const ofBob = both.find(({ credentialId }) => credentialId !== ofAda?.credentialId);
  if (!ofAda || !ofBob) throw new Error('the authenticator lacks a passkey');
  expect(both).toHaveLength(2);
  expect(ofAda.userHandle).not.toBe(ofBob.userHandle);

  // The user picks one: a headless browser asks nobody, so only the picked one is on the device.
  for (const [other, { email }] of [[ofBob, ada] as const, [ofAda, bob] as const]) {
    const absent = await authenticator.discard(other.credentialId);
    await logOut(demo, true);
    await expectAccount(page, email);
    await authenticator.store(absent);
  }

  // Autofill offers a removed passkey no longer, but still that of the other account.
  await page.getByRole('button', { name: /^Remove the passkey/ }).click();
  await page.getByText('Your passkey was removed.').waitFor();
  await app.eventually(async () => (await authenticator.credentials()).length === 1);
  await logOut(demo, true);
  await expectAccount(page, ada.email);
});

it('lets the owner of a lost device sign in with a recovery code and remove its passkey', async () => {
  const demo = await openDemo(app, visitor);
  const { page, authenticator } = demo;
  const { email, codes } = await addFirstPasskey(demo);
  const [lost] = await authenticator.credentials();
  if (!lost) throw new Error('the authenticator has no passkey');
  await authenticator.discard(lost.credentialId);
  await logOut(demo, false);
  await enterCode(demo, email);
  await submit(page, { 'Recovery code': codes[0] ?? '' }, 'Use the recovery code');
  // There is a passkey, so the page offers no first one.
  const account = await expectAccount(page, email);
  await account.getByText('You have 9 left.').waitFor();
  await account.getByRole('button', { name: /^Remove the passkey/ }).click();
  await page.getByText('Your passkey was removed.').waitFor();
  await account.getByText('You have no passkey yet.').waitFor();

  // Whoever has found the device cannot sign in, and the browser forgets the passkey.
  await logOut(demo, false);
  await expectView(page, 'Sign in');
  await authenticator.store(lost);
  await authenticator.setPresence(true);
  await submit(page, {}, 'Sign in with a passkey');
  await page.getByText('No account has this passkey.').waitFor();
  expect(await storedTokens(page)).toBeNull();
  await app.eventually(async () => (await authenticator.credentials()).length === 0);
});

it('offers no passkeys to a page of an IP address, where browsers have none', async () => {
  const page = await visitor.open('/demo');
  expect(await page.evaluate(() => typeof PublicKeyCredential)).toBe('function');
  await enterCode({ app, page }, newAddress());
  const account = await expectView(page, 'Your account');
  await account.getByText('You have no passkey yet.').waitFor();
  expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0);
  await submit(page, {}, 'Log out');
  await expectView(page, 'Sign in');
  expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0);
});
