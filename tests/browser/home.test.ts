import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newAddress, useApp } from '../support/app.ts';
import { bundleText } from '../support/client-bundle.ts';
import { blocksOf } from '../support/documents.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { Person, wrongCode } from '../support/flow.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';

const app = useApp();
const visitor = useBrowser(app);

const button = (page: Page, name: string) => page.getByRole('button', { name });

it('requests a code, takes it, shows the claims of the token, and logs out', slow, async () => {
  const page = await visitor.open('/');
  const ada = new Person(app);
  expect(await page.getByLabel('Code', { exact: true }).isDisabled()).toBe(true);
  await page.getByLabel('E-mail address').fill('nobody');
  await button(page, 'Send code').click();
  await page.getByText('Enter a valid email address.').waitFor();
  await page.getByLabel('E-mail address').fill(ada.email);
  await button(page, 'Send code').click();
  await page.locator('[name=otp]:focus').waitFor();
  const inbox = await page.locator('.live a').getAttribute('href');
  expect(inbox).toBe(`/inbox?to=${encodeURIComponent(ada.email)}`);

  const code = await ada.code();
  await page.keyboard.type(wrongCode(code));
  await page.keyboard.press('Enter');
  await page.getByText('That code is wrong or older than the newest mail.').waitFor();
  await page.getByLabel('Code', { exact: true }).fill(code);
  const answered = page.waitForResponse('**/graphql');
  await button(page, 'Sign in').click();
  const { data } = await (await answered).json();
  const { accessToken, refreshToken } = data.verifyOtp;
  const claims = JSON.parse(await page.locator('pre:focus').innerText());
  expect(claims).toMatchObject({ iss: 'http://localhost:8000', amr: ['otp'], role: 'USER' });
  expect(await barriers(page, 'all')).toEqual([]);
  await photograph(page, 'home-signed-in');
  for (const token of [accessToken, refreshToken])
    expect(await page.content()).not.toContain(token);

  await button(page, 'Log out').click();
  await page.locator('[name=email]:focus').waitFor();
  expect(await page.content()).not.toContain(claims.sid);
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
});

it('has the samples in tabs that work by keyboard, and copies one', async () => {
  const page = await visitor.open('/', { permissions: ['clipboard-read', 'clipboard-write'] });
  const panel = page.getByRole('tabpanel');
  await page.getByRole('tab', { name: 'curl', selected: true }).focus();
  for (const [key, name] of [
    ['ArrowLeft', 'React'],
    ['ArrowRight', 'curl'],
    ['ArrowRight', 'TypeScript'],
    ['End', 'React'],
    ['Home', 'curl'],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator('[role=tab]:focus[aria-selected=true]').getByText(name).waitFor();
    expect(await panel.count()).toBe(1);
    expect(await panel.getAttribute('aria-labelledby')).toBe(`tab-${name.toLowerCase()}`);
  }
  await button(page, 'Copy').click();
  await button(page, 'Copied').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('curl http://localhost:8000/api/v1/auth/otp/request');
});

it('shows every sample where scripts are off, and no form that does nothing', async () => {
  const page = await visitor.open('/', { javaScriptEnabled: false });
  await page.getByText('This panel needs JavaScript.').waitFor();
  for (const name of ['curl', 'TypeScript', 'React']) {
    await page.getByRole('heading', { name }).waitFor();
  }
  expect(await page.getByRole('tab').count()).toBe(0);
  expect(await page.locator(':is(button, input):visible').count()).toBe(0);
});

const [script = '', component = ''] = ['ts', 'tsx'].map((wanted) =>
  blocksOf('src/pages/home-samples.md')
    .find(({ language }) => language === wanted)
    ?.code.replace("'http://localhost:8000'", 'location.origin'),
);
const pageOf = (name: string) =>
  `<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><main></main><script type="module" src="/${name}.js"></script></html>`;
const pages: Record<string, string> = {
  '/script': pageOf('script'),
  '/component': pageOf('component'),
};
const proxy = new FaultProxy(() => app.url, pages);
beforeAll(async () => {
  pages['/script.js'] = await bundleText(script);
  pages['/component.js'] = await bundleText(`
    import { createRoot } from 'react-dom/client';
    ${component}
    createRoot(document.querySelector('main')!).render(<App />);
  `);
  await proxy.start();
});
afterAll(() => proxy.stop());

/** Opens the page of a sample. Its operations reach the service through the page's own host. */
async function openSample(path: string, prepare: (page: Page) => void = () => {}): Promise<Page> {
  const [page] = await visitor.openTabs('about:blank', 1);
  if (!page) throw new Error('no tab was opened');
  prepare(page);
  await page.goto(proxy.url + path);
  return page;
}

it('signs in with the TypeScript sample', slow, async () => {
  const ada = new Person(app, 'ada@example.com', '127.0.0.1');
  const logged = Promise.withResolvers<string>();
  await openSample('/script', (page) => {
    page.on('dialog', async (dialog) => dialog.accept(await ada.code()));
    page.on('console', (message) => logged.resolve(message.text()));
  });
  const [email, token = ''] = (await logged.promise).split(' ');
  expect(email).toBe(ada.email);
  expect((await ada.me(token)).data?.me.email).toBe(ada.email);
});

it('signs in with the React sample', slow, async () => {
  const ada = new Person(app, newAddress(), '127.0.0.1');
  const page = await openSample('/component');
  await page.getByLabel('E-mail address').fill(ada.email);
  await button(page, 'Continue').click();
  const field = page.getByLabel('Code');
  await field.fill(wrongCode(await ada.code()));
  await button(page, 'Continue').click();
  await page.getByRole('alert').waitFor();
  await field.fill(await ada.code());
  await button(page, 'Continue').click();
  await page.getByText(`Signed in as ${ada.email}`).waitFor();
  expect((await ada.events()).map(({ event }) => event)).toContain('OTP_FAILED');
});
