import type { Locator, Page } from 'playwright-core';
import type { Tokens } from '../../examples/walk-through/gatehouse-client.ts';

/** Waits until a view is shown and its heading has the focus. */
export async function expectView(page: Page, heading: string): Promise<Locator> {
  await page.locator('h2:focus').getByText(heading, { exact: true }).waitFor();
  return page.locator('section:visible');
}

/** Fills in the form that has the button, and sends it. */
export async function submit(
  page: Page,
  fields: Record<string, string>,
  button: string,
): Promise<void> {
  const form = page.locator('form:visible', { has: page.getByRole('button', { name: button }) });
  for (const [label, text] of Object.entries(fields)) {
    await form.getByLabel(label, { exact: true }).fill(text);
  }
  await form.getByRole('button', { name: button }).click();
}

/** Opens the inbox in another tab, and reads the code there. */
export async function codeInInbox(page: Page, email: string): Promise<string> {
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Open the inbox' }).click();
  const inbox = await opened;
  const code = await inbox
    .getByRole('article')
    .filter({ hasText: email })
    .locator('code')
    .innerText();
  await inbox.close();
  return code;
}

/** Tokens as the demo keeps them, for the next time that the page is loaded. */
export const keepTokens = (page: Page, { accessToken, refreshToken }: Tokens) =>
  page.evaluate(
    (tokens) => sessionStorage.setItem('gatehouse-demo', tokens),
    JSON.stringify({ accessToken, refreshToken }),
  );
export const storedTokens = (page: Page) =>
  page.evaluate(() => sessionStorage.getItem('gatehouse-demo'));
