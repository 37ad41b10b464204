import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { bundleText } from '../support/client-bundle.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { slow, useBrowser } from './browser.ts';

const script = `
  import { createClient } from '@gatehouse/client';
  window.gatehouse = createClient({ url: location.origin, cookie: true });
`;
const pages: Record<string, string> = {
  '/': '<!doctype html><title>Page</title><script type="module" src="/page.js"></script>',
};
const app = useApp({ TRUSTED_DEVICE_DAYS: '30' });
const own = new FaultProxy(() => app.url, pages);
const visitor = useBrowser(app);

beforeAll(async () => {
  pages['/page.js'] = await bundleText(script);
  await own.start();
});
afterAll(() => own.stop());

/** Signs in with a mailed code. @returns the challenge if a second factor is needed */
async function redeem(page: Page, ada: FactorOwner): Promise<string | undefined> {
  const { email } = ada;
  await app.mailsDelivered();
  const before = ada.codes().length;
  const ask = async (address: string) =>
    (await window.gatehouse.requestOtp({ email: address })).data?.challengeId ?? '';
  const challengeId = await page.evaluate(ask, email);
  const input = { email, otp: await ada.code(before + 1), challengeId };
  const { error } = await page.evaluate((given) => window.gatehouse.verifyOtp(given), input);
  return error?.code === 'MFA_REQUIRED' ? error.challengeId : undefined;
}

const logOut = (page: Page) => page.evaluate(() => window.gatehouse.logout());

it('needs no second factor in a trusted browser, also after a logout', slow, async () => {
  const ada = await FactorOwner.enrolled(app);
  const [page] = (await visitor.openTabs(own.url, 1)) as [Page];
  const challengeId = await redeem(page, ada);
  const proof = {
    email: ada.email,
    challengeId: challengeId ?? '',
    totp: ada.totp(),
    trustDevice: true,
  };
  const proved = await page.evaluate((given) => window.gatehouse.verifyFactor(given), proof);
  expect(proved.error).toBeUndefined();
  await logOut(page);
  const cookies = await page.context().cookies();
  expect(cookies).toEqual([
    expect.objectContaining({
      name: '__Host-gatehouse-device',
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    }),
  ]);
  expect(await page.evaluate(() => document.cookie)).toBe('');

  expect(await redeem(page, ada)).toBeUndefined();
  const devices = await page.evaluate(() => window.gatehouse.trustedDevices());
  const [device] = devices.data ?? [];
  expect(device).toMatchObject({ current: true });
  const [other] = (await visitor.openTabs(own.url, 1)) as [Page];
  expect(await redeem(other, ada)).toEqual(expect.any(String));

  const id = device?.id ?? '';
  const removed = await page.evaluate(
    (given) => window.gatehouse.removeTrustedDevice({ id: given }),
    id,
  );
  expect(removed.error).toBeUndefined();
  await logOut(page);
  expect(await redeem(page, ada)).toEqual(expect.any(String));
});
