import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { Mover, newPerson, undoSecretsOf } from '../support/address-changes.ts';
import { useApp } from '../support/app.ts';
import { barriers, photograph, useBrowser } from './browser.ts';

const app = useApp();
const visitor = useBrowser(app);

/** A person whose address someone else has changed, and the undo secret that was mailed. */
async function moved() {
  const owner = await Mover.create(app);
  expect(await owner.thief().move(newPerson(app).email)).toBeUndefined();
  await app.mailsDelivered();
  return { owner, secret: undoSecretsOf(owner).at(-1) ?? '' };
}

async function undo(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Undo the change' }).click();
  await page.getByRole('heading', { name: 'The change was undone' }).waitFor();
}

const hasAccount = async ({ email }: Mover) =>
  (await app.sql('select id from accounts where email = ?', [email])).length === 1;

it('undoes a change by the mailed link, whose secret stays in the body of one form', async () => {
  const { owner, secret } = await moved();
  const page = await visitor.open('/', { viewport: { width: 375, height: 667 } });
  const sent: string[] = [];
  page.on('request', async (request) => {
    sent.push(request.url(), JSON.stringify(await request.allHeaders()));
  });
  await page.goto(`/email-change/undo#${secret}`);
  await page.waitForURL((url) => url.href === `${app.url}/email-change/undo`);
  expect(await hasAccount(owner)).toBe(false);
  expect(await page.getByRole('textbox').count()).toBe(0);
  expect(await page.locator('#secret').inputValue()).toBe(secret);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
  expect(await barriers(page)).toEqual([]);
  await photograph(page, 'undo-page');

  await undo(page);
  expect(await hasAccount(owner)).toBe(true);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
  expect(await barriers(page)).toEqual([]);
  await photograph(page, 'undone-page');
  await page.goto('/');
  const devTools = await page.context().newCDPSession(page);
  const { entries } = await devTools.send('Page.getNavigationHistory');
  const visited = entries.map(({ url }) => url);
  expect(visited).toContain(`${app.url}/email-change/undo`);
  expect(sent.filter((url) => url.endsWith('/email-change/undo'))).toHaveLength(2);
  for (const text of [...visited, ...sent]) expect(text).not.toContain(secret);
});

it('undoes a change by a pasted secret where scripts are off', async () => {
  const { owner, secret } = await moved();
  const page = await visitor.open('/email-change/undo', { javaScriptEnabled: false });
  await page.getByLabel('The part of the link after #').fill(secret);
  await undo(page);
  expect(await hasAccount(owner)).toBe(true);
});
