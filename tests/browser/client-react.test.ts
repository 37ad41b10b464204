import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { bundleText } from '../support/client-bundle.ts';
import { blocksOf } from '../support/documents.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { PASSWORD, Person, wrongCode } from '../support/flow.ts';
import { barriers, slow, useBrowser } from './browser.ts';

const app = useApp();
const visitor = useBrowser(app);

/** The example of the README, in a page at the service's own host. */
const example = blocksOf('client/README.md').find(({ language }) => language === 'tsx')?.code ?? '';
const script = `
  import { createRoot } from 'react-dom/client';
  ${example.replace("'https://auth.example.com'", 'location.origin')}
  createRoot(document.querySelector('main')!).render(<App />);
`;
const pages: Record<string, string> = {
  '/':
    '<!doctype html><html lang="en"><title>App</title><meta name="viewport" content="width=device-width">' +
    '<link rel="icon" href="data:,"><main></main><script type="module" src="/app.js"></script></html>',
};
const proxy = new FaultProxy(() => app.url, pages);
beforeAll(async () => {
  pages['/app.js'] = await bundleText(script);
  await proxy.start();
});
afterAll(() => proxy.stop());

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

async function enter(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label).fill(text);
  await button(page, 'Continue').click();
}

it('signs in and out with the example of the README, in every tab', slow, async () => {
  const person = new Person(app, undefined, '127.0.0.1');
  const tabs = await visitor.openTabs(proxy.url, 2);
  const [page, other] = tabs as [Page, Page];
  await enter(page, 'E-mail address', 'nobody@localhost');
  await page.getByRole('alert').waitFor();
  await enter(page, 'E-mail address', person.email);
  await page.getByLabel('Code').waitFor();
  expect(await button(page, /^Resend in \d+ s$/).isDisabled()).toBe(true);
  await page.bringToFront();
  expect(await barriers(page)).toEqual([]);
  const code = await person.code();
  await enter(page, 'Code', wrongCode(code));
  await page.getByRole('alert').waitFor();
  await enter(page, 'Code', code);
  for (const tab of tabs) await tab.getByText(`Signed in as ${person.email}`).waitFor();
  await page.reload();
  await page.getByText(`Signed in as ${person.email}`).waitFor();
  await button(other, 'Log out').click();
  for (const tab of tabs) await tab.getByLabel('E-mail address').waitFor();
});

it('signs in with a password and a code, and shows a lock', slow, async () => {
  const person = new Person(app, undefined, '127.0.0.1');
  await person.signUp();
  const [page] = (await visitor.openTabs(proxy.url, 1)) as [Page];
  await page.getByLabel('E-mail address').fill(person.email);
  await button(page, 'Use a password').click();
  await enter(page, 'Password', 'not this one');
  await page.getByRole('alert').waitFor();
  await enter(page, 'Password', PASSWORD);
  await enter(page, 'Code', await person.code(2));
  await page.getByText(`Signed in as ${person.email}`).waitFor();

  await button(page, 'Log out').click();
  await enter(page, 'E-mail address', person.email);
  const wrong = wrongCode(await person.code(3));
  for (let i = 0; i < 6; i += 1) await enter(page, 'Code', wrong);
  await page.getByText(/^Try again in \d{3} seconds\.$/).waitFor();
  expect(await button(page, 'Continue').isDisabled()).toBe(true);
});
