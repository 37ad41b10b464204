import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Mover, newPerson, undoSecretsOf } from '../support/address-changes.ts';
import { useApp } from '../support/app.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { barriers, photograph, useBrowser } from './browser.ts';

const app = useApp();
const visitor = useBrowser(app);

/** A change that its owner can undo, with the secret that was mailed. */
interface Change {
  readonly secret: string;
  isUndone(): Promise<boolean>;
}

/** Changes the address of somebody, as a thief does. */
async function moveAddress(): Promise<Change> {
  const owner = await Mover.create(app);
  expect(await owner.thief().move(newPerson(app).email)).toBeUndefined();
  await app.mailsDelivered();
  return {
    secret: undoSecretsOf(owner).at(-1) ?? '',
    isUndone: async () =>
      (await app.sql('select id from accounts where email = ?', [owner.email])).length === 1,
  };
}

/** Enrols the first factor of somebody, as a thief does. */
async function enrollFactor(): Promise<Change> {
  const owner = await FactorOwner.enrolled(app);
  await app.mailsDelivered();
  const without = 'select id from accounts where email = ? and factors_since is null';
  return {
    secret: owner.undoSecrets().at(-1) ?? '',
    isUndone: async () => (await app.sql(without, [owner.email])).length === 1,
  };
}

describe.each([
  {
    path: '/email-change/undo',
    change: moveAddress,
    button: 'Undo the change',
    done: 'The change was undone',
  },
  { path: '/factors/undo', change: enrollFactor, button: 'It was not me', done: 'Done' },
])('$path', ({ path, change, button, done }) => {
  async function undo(page: Page): Promise<void> {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('heading', { name: done }).waitFor();
  }

  it('undoes a change by the mailed link, whose secret stays in the body of one form', async () => {
    const { secret, isUndone } = await change();
    const page = await visitor.open('/', { viewport: { width: 375, height: 667 } });
    const sent: string[] = [];
    page.on('request', async (request) => {
      sent.push(request.url(), JSON.stringify(await request.allHeaders()));
    });
    await page.goto(`${path}#${secret}`);
    await page.waitForURL((url) => url.href === app.url + path);
    expect(await isUndone()).toBe(false);
    expect(await page.getByRole('textbox').count()).toBe(0);
    expect(await page.locator('#secret').inputValue()).toBe(secret);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    expect(await barriers(page)).toEqual([]);
    await photograph(page, `undo-page${path.replaceAll('/', '-')}`);

    await undo(page);
    expect(await isUndone()).toBe(true);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    expect(await barriers(page)).toEqual([]);
    await photograph(page, `undone-page${path.replaceAll('/', '-')}`);
    await page.goto('/');
    const devTools = await page.context().newCDPSession(page);
    const { entries } = await devTools.send('Page.getNavigationHistory');
    const visited = entries.map(({ url }) => url);
    expect(visited).toContain(app.url + path);
    expect(sent.filter((url) => url.endsWith(path))).toHaveLength(2);
    for (const text of [...visited, ...sent]) expect(text).not.toContain(secret);
  });

  it('undoes a change by a pasted secret where scripts are off', async () => {
    const { secret, isUndone } = await change();
    const page = await visitor.open(path, { javaScriptEnabled: false });
    await page.getByLabel('The part of the link after #').fill(secret);
    await undo(page);
    expect(await isUndone()).toBe(true);
  });
});
