import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GatehouseClient } from '../../client/src/client.ts';
import type { Passkeys } from '../../client/src/passkeys.ts';
import type { SignIn } from '../../client/src/sign-in.ts';
import { useApp } from '../support/app.ts';
import { Authenticator } from '../support/authenticator.ts';
import { bundleText } from '../support/client-bundle.ts';
import { blocksOf } from '../support/documents.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { PASSWORD } from '../support/flow.ts';
import { PasskeyFactorOwner } from '../support/passkey-factor-owner.ts';
import { ORIGIN } from '../support/passkeys.ts';
import { barriers, useBrowser } from './browser.ts';
import { addAuthenticator, deviceCredential } from './virtual-authenticator.ts';

declare global {
  interface Window {
    factorClient: GatehouseClient;
    factorSignIn: SignIn;
    factorPasskeys: Passkeys;
  }
}

const app = useApp();
const visitor = useBrowser(app);

/** The client package alone, and the example of its README with the hooks for React. */
const scripts = {
  '/client': `
    import { createClient } from '@gatehouse/client';
    import { createPasskeys } from '@gatehouse/client/passkeys';
    import { createSignIn } from '@gatehouse/client/sign-in';
    window.factorClient = createClient({ url: location.origin });
    window.factorSignIn = createSignIn(window.factorClient);
    window.factorPasskeys = createPasskeys(window.factorClient);
  `,
  '/react': `
    import { createRoot } from 'react-dom/client';
    ${(blocksOf('client/README.md').find(({ language }) => language === 'tsx')?.code ?? '').replace(
      "'https://auth.example.com'",
      'location.origin',
    )}
    createRoot(document.querySelector('main')!).render(<App />);
  `,
};
const pages: Record<string, string> = {};
const proxy = new FaultProxy(() => app.url, pages);
beforeAll(async () => {
  for (const [path, script] of Object.entries(scripts)) {
    pages[`${path}.js`] = await bundleText(script);
    pages[path] =
      '<!doctype html><html lang="en"><title>App</title><meta name="viewport" content="width=device-width">' +
      `<link rel="icon" href="data:,"><main></main><script type="module" src="${path}.js"></script></html>`;
  }
  await proxy.start();
});
afterAll(() => proxy.stop());

/** Opens a page by the name of its host: browsers have no passkeys for pages of IP addresses. */
async function open(path: keyof typeof scripts, count = 1): Promise<Page[]> {
  return visitor.openTabs(proxy.url.replace('127.0.0.1', 'localhost') + path, count);
}

const button = (page: Page, name: string) => page.getByRole('button', { name });

/** Enters the mailed code in the React app, so that it asks for a factor. */
async function redeem(page: Page, owner: FactorOwner): Promise<void> {
  await app.mailsDelivered();
  const codes = owner.codes().length;
  await page.getByLabel('E-mail address').fill(owner.email);
  await button(page, 'Continue').click();
  await page.getByLabel('Code').fill(await owner.code(codes + 1));
  await button(page, 'Continue').click();
  await page.getByLabel('Code of your app').waitFor();
}

async function prove(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code of your app').fill(code);
  await button(page, 'Continue').click();
}

it('signs in with React, a mailed code and an app, or a recovery code', async () => {
  const ada = await FactorOwner.enrolled(app);
  const [page] = (await open('/react')) as [Page];
  await redeem(page, ada);
  expect(await button(page, 'Use a passkey').count()).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await prove(page, '000000');
  await page.getByRole('alert').waitFor();
  await prove(page, ada.totp());
  await page.getByText(`Signed in as ${ada.email}`).waitFor();
  await button(page, 'Log out').click();
  await redeem(page, ada);
  await prove(page, ada.recoveryCodes[0] ?? '');
  await page.getByText(`Signed in as ${ada.email}`).waitFor();
});

it('signs in with React, a mailed code and a passkey', async () => {
  const ada = await PasskeyFactorOwner.create(app);
  ada.authenticator = new Authenticator(ORIGIN, { isSynced: false });
  expect((await ada.addPasskey()).code).toBeUndefined();
  const [page] = (await open('/react')) as [Page];
  const device = await addAuthenticator(page);
  for (const credential of ada.authenticator.credentials) {
    await device.store(deviceCredential(credential));
  }
  await redeem(page, ada);
  await button(page, 'Use a passkey').click();
  await page.getByText(`Signed in as ${ada.email}`).waitFor();
});

it('keeps the session of a factor in every tab, and steps up with a passkey', async () => {
  const ada = await PasskeyFactorOwner.create(app);
  ada.authenticator = new Authenticator(ORIGIN, { isSynced: false });
  expect((await ada.addPasskey()).code).toBeUndefined();
  const [page, other] = (await open('/client', 2)) as [Page, Page];
  const device = await addAuthenticator(page);
  for (const credential of ada.authenticator.credentials) {
    await device.store(deviceCredential(credential));
  }
  await page.evaluate(
    async ([email, password]) => {
      window.factorSignIn.choosePassword(email);
      await window.factorSignIn.submitPassword(password);
    },
    [ada.email, PASSWORD] as const,
  );
  const otp = await ada.code(2);
  const signedIn = await page.evaluate(async (code) => {
    const { factorSignIn, factorPasskeys } = window;
    await factorSignIn.submitCode(code);
    const { step, challengeId, factors } = factorSignIn.getState();
    const { data } = await factorPasskeys.prove(challengeId);
    if (data) await factorSignIn.submitFactor(data);
    return [step, factors, factorSignIn.getState().step];
  }, otp);
  expect(signedIn).toEqual(['factor', ['PASSKEY', 'RECOVERY_CODE'], 'done']);
  await app.eventually(async () => {
    const state = await other.evaluate(() => {
      window.factorClient.onAuthStateChange(() => undefined);
      return window.factorClient.getState();
    });
    return state.user?.email === ada.email;
  });

  const renewed = await page.evaluate(async () => {
    const { factorClient, factorPasskeys } = window;
    const { error } = await factorClient.renewRecoveryCodes();
    const proofs = error?.code === 'STEP_UP_REQUIRED' ? error.proofs : undefined;
    const { data } = await factorPasskeys.prove();
    const confirmed = data && (await factorClient.stepUp(data));
    const again = await factorClient.renewRecoveryCodes();
    return [proofs, confirmed?.ok, again.data?.recoveryCodes.length];
  });
  expect(renewed).toEqual([['PASSKEY', 'RECOVERY_CODE'], true, 10]);
});
