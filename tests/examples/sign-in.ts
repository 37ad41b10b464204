import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { Person, wrongCode } from '../support/flow.ts';

/** The directory of the examples, where `npm run examples` installs their packages. */
export const examples = resolve(import.meta.dirname, '../../examples');

/** Whether a server answers at a URL. */
export const responds = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** Opens a page in a browser that has never seen it. */
export type OpenPage = () => Promise<Page>;

/** Signs in, reloads and logs out, as every example can. Ends on the form for the address. */
export async function expectSignIn(
  app: TestApp,
  open: OpenPage,
  whenSignedIn?: (page: Page, person: Person) => Promise<void>,
): Promise<Page> {
  const person = new Person(app, undefined, '127.0.0.1');
  const page = await open();
  const problem = page.getByRole('alert').filter({ hasText: /./ });
  await enter(page, 'E-mail address', 'nobody@localhost');
  await problem.getByText('Enter a valid email address.').waitFor();
  await enter(page, 'E-mail address', person.email);
  const code = await person.code();
  await enter(page, 'Code', wrongCode(code));
  await problem.getByText('That code is wrong').waitFor();
  await enter(page, 'Code', code);
  const signedIn = page.getByText(`Signed in as ${person.email}`);
  await signedIn.waitFor();
  await page.reload();
  await signedIn.waitFor();
  expect(await problem.count()).toBe(0);
  await whenSignedIn?.(page, person);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('E-mail address').waitFor();
  // A reload would cancel the request, which the page does not wait for.
  await app.eventually(async () => (await eventsOf(app, person)).includes('LOGGED_OUT'), 15);
  await page.reload();
  await page.getByLabel('E-mail address').waitFor();
  return page;
}

async function eventsOf(app: TestApp, person: Person): Promise<string[]> {
  await app.auditWritten();
  return (await person.events()).map(({ event }) => event);
}

/** Enters a text into the only field of a page. */
export async function enter(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Continue' }).click();
}
