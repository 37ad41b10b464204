import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { SetUserRoleDocument } from '../../client/generated/graphql.ts';
import { Administrator, idOf } from '../support/administrator.ts';
import { stepUp } from '../support/api-key.ts';
import { newAddress, useApp } from '../support/app.ts';
import { PASSWORD, Person } from '../support/flow.ts';
import { insertDelivery, insertWebhook } from '../support/webhook.ts';
import { barriers, photograph, slow, useBrowser } from './browser.ts';

const app = useApp();
const visitor = useBrowser(app);
let admin: Administrator;
let session: Awaited<ReturnType<Person['signIn']>>;
beforeAll(async () => {
  admin = await Administrator.create(app);
  session = await admin.signIn();
});

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const expectHeading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

/** Signs in with a code, as in the sign-in form. */
async function enter(page: Page, person: Person): Promise<void> {
  const codes = person.codes().length;
  await page.getByLabel('E-mail address').fill(person.email);
  await button(page, 'Mail me a code').click();
  await page.getByLabel('Code').fill(await person.code(codes + 1));
  await button(page, 'Sign in').click();
}

/** Opens a section as the administrator, who is signed in already. */
async function open(section = ''): Promise<Page> {
  const page = await visitor.open('/console');
  await page.evaluate(
    (session) => sessionStorage.setItem('gatehouse-console', session),
    JSON.stringify({ ...session, expiresAt: Date.now() + 900_000 }),
  );
  await page.goto(`/console#/${section}`);
  await page.reload();
  await page.getByRole('navigation', { name: 'Console' }).waitFor();
  return page;
}

const inDialog = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true });

it('signs an administrator in with a code, and keeps the session in this tab', slow, async () => {
  const page = await visitor.open('/console');
  await expectHeading(page, 'Sign in');
  expect(await barriers(page, 'all')).toEqual([]);
  await photograph(page, 'console-sign-in');
  await enter(page, admin);
  await expectHeading(page, 'Overview');
  await page.reload();
  await expectHeading(page, 'Overview');
  const other = await page.context().newPage();
  await other.goto('/console');
  await expectHeading(other, 'Sign in');
  await button(page, 'Log out').click();
  await expectHeading(page, 'Sign in');
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

it('signs in with a password and a code', slow, async () => {
  const person = new Administrator(app);
  await person.signUp();
  await app.sql("update accounts set role = 'ADMIN' where email = ?", [person.email]);
  const page = await visitor.open('/console');
  await page.getByLabel('E-mail address').fill(person.email);
  await button(page, 'Use a password').click();
  await page.getByLabel('Password').fill(PASSWORD);
  await button(page, 'Continue').click();
  await page.getByLabel('Code').fill(await person.code(2));
  await button(page, 'Sign in').click();
  await expectHeading(page, 'Overview');
});

it('shows nothing to a user, and to an administrator who is demoted', slow, async () => {
  const page = await visitor.open('/console#/users');
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(request.postData() ?? ''));
  const user = new Person(app);
  await enter(page, user);
  await expectHeading(page, 'No access');
  expect(await barriers(page, 'all')).toEqual([]);
  expect(asked.filter((body) => /query (Users|AuditLogs|EventCounts)/.test(body))).toEqual([]);
  await button(page, 'Log out').click();

  const former = await Administrator.create(app);
  await enter(page, former);
  await expectHeading(page, 'Users');
  await admin.change(SetUserRoleDocument, { id: await idOf(app, former), role: 'USER' });
  await page.reload();
  await expectHeading(page, 'No access');
});

it('finds a user by prefix, and disables, enables and signs the user out', slow, async () => {
  const ada = new Person(app, `ada-${newAddress()}`);
  await ada.signUp();
  const page = await open('users');
  await page.getByLabel('Address begins with').fill('ada-');
  await page.getByRole('link', { name: ada.email }).waitFor();
  await app.eventually(async () => (await page.locator('tbody tr').count()) === 1);
  await page.getByLabel('Status').selectOption('DISABLED');
  await page.getByText('No user matches.').waitFor();
  await page.getByLabel('Status').selectOption('');
  await page.getByRole('link', { name: ada.email }).click();
  await expectHeading(page, ada.email);

  await button(page, 'End all sessions').click();
  await button(page, 'End sessions').click();
  await page.getByText(`${ada.email} was signed out.`).waitFor();
  await page.getByText('No active session.').waitFor();
  await button(page, 'Disable').click();
  await inDialog(page, 'Disable').click();
  await page.getByText(`${ada.email} was disabled.`).waitFor();
  expect(await barriers(page, 'all')).toEqual([]);
  await button(page, 'Enable').click();
  await inDialog(page, 'Enable').click();
  await page.getByText(`${ada.email} was enabled.`).waitFor();
  expect(await ada.signIn()).toHaveProperty('accessToken');
});

it('deletes a user only after the address was typed, by keyboard alone', slow, async () => {
  const bob = new Person(app);
  await bob.signUp();
  const page = await open(`users/${await idOf(app, bob)}`);
  await button(page, 'Delete…').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const remove = dialog.getByRole('button', { name: 'Delete' });
  expect(await remove.isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.locator('button:focus').getByText('Delete…').waitFor();
  await page.keyboard.press('Enter');
  await page.getByLabel('E-mail address of the user').focus();
  await page.keyboard.type(bob.email);
  await app.eventually(() => remove.isEnabled());
  await page.keyboard.press('Enter');
  await expectHeading(page, 'Users');
  expect(await app.sql('select 1 from accounts where email = ?', [bob.email])).toEqual([]);
});

it('says why the last administrator cannot be disabled', slow, async () => {
  const others = "update accounts set role = 'USER' where email <> ?";
  await app.sql(others, [admin.email]);
  const page = await open(`users/${await idOf(app, admin)}`);
  await button(page, 'Disable').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Disable' }).click();
  expect(await dialog.getByRole('alert').innerText()).toMatch(/last/i);
});

it('creates an API key after a step-up, shows it once, and revokes it', slow, async () => {
  await stepUp(app, admin, null);
  const page = await open('api-keys');
  await page.getByText('There is no API key.').waitFor();
  await button(page, 'Create a key').click();
  await page.getByLabel('Name').fill('crm');
  await inDialog(page, 'Create').click();
  await page.getByText('Confirm that it is you').waitFor();
  const codes = admin.codes().length;
  await button(page, 'Mail me a code').click();
  await page.getByLabel('Code').fill(await admin.code(codes + 1));
  await button(page, 'Confirm').click();
  const key = await page.locator('.secret code').innerText();
  expect(key).toMatch(/^gk_/);
  expect(await barriers(page, 'all')).toEqual([]);
  await button(page, 'Done').click();
  expect(await page.content()).not.toContain(key);
  await button(page, 'Revoke crm').click();
  await inDialog(page, 'Revoke').click();
  await page.getByText('There is no API key.').waitFor();
});

it('switches a webhook off, sends a dead letter again, and deletes the webhook', slow, async () => {
  const id = await insertWebhook(app);
  const failed = await insertDelivery(app, id);
  await stepUp(app, admin);
  const page = await open('webhooks');
  await page.getByRole('link', { name: 'example.com' }).click();
  await expectHeading(page, 'example.com');
  await button(page, 'Switch off').click();
  await inDialog(page, 'Switch off').click();
  await button(page, 'Switch on').waitFor();
  await page.getByLabel('Status').selectOption('DELIVERED');
  await page.getByText('No delivery matches.').waitFor();
  await page.getByLabel('Status').selectOption('FAILED');
  await page.getByText('HTTP 500').waitFor();
  await button(page, 'Send again user.created').click();
  await inDialog(page, 'Send again').click();
  const alert = page.getByRole('dialog').getByRole('alert');
  expect(await alert.innerText()).toBe('The webhook is switched off. First switch it on.');
  await inDialog(page, 'Cancel').click();
  await button(page, 'Switch on').click();
  await inDialog(page, 'Switch on').click();
  await button(page, 'Switch off').waitFor();
  await button(page, 'Send again user.created').click();
  await inDialog(page, 'Send again').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const sent = 'select from webhook_deliveries where id = ? and attempts < 30';
  expect(await app.sql(sent, [failed])).toHaveLength(1);
  await button(page, 'Delete').click();
  await inDialog(page, 'Delete').click();
  await page.getByText('There is no webhook.').waitFor();
});

it('filters the audit log by event, address and day, and loads more', slow, async () => {
  const eve = new Person(app);
  for (let i = 0; i < 3; i += 1) await eve.login('not the password');
  await app.auditWritten();
  const page = await open('audit');
  await page.getByLabel('Address').fill(eve.email);
  await page.keyboard.press('Enter');
  const rows = page.locator('tbody tr');
  await app.eventually(async () => (await rows.count()) === 3);
  await page.getByLabel('Event').selectOption({ label: 'OTP requested' });
  await page.getByText('No event matches.').waitFor();
  await page.getByLabel('Event').selectOption({ label: 'Login failed' });
  await app.eventually(async () => (await rows.count()) === 3);
  await rows.first().getByRole('button', { name: 'Details' }).click();
  await page.getByText('The password was wrong').waitFor();
  await page.getByLabel('From').fill('2020-01-01');
  await page.getByLabel('To').fill('2020-01-02');
  await page.getByText('No event matches.').waitFor();
  await button(page, 'Clear').click();
  await app.eventually(async () => (await rows.count()) > 3);
  expect(await page.evaluate(() => location.hash)).toBe('#/audit');
});

it('shows new events live, and asks nothing while paused', slow, async () => {
  const page = await open('live');
  await page.locator('tbody tr').first().waitFor();
  const eve = new Person(app);
  await eve.login('not the password');
  await page.getByRole('link', { name: eve.email }).waitFor();
  await button(page, 'Pause').click();
  await page.clock.install();
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));
  await page.clock.runFor(30_000);
  expect(asked).toEqual([]);
  await button(page, 'Continue').click();
  await app.eventually(() => asked.length > 0);
});

it('says that Gatehouse does not respond, and tries again', slow, async () => {
  const page = await open('users');
  await page.locator('tbody tr').first().waitFor();
  const answer = { status: 200, contentType: 'application/json' };
  const down = { message: '', extensions: { code: 'UNAVAILABLE', retryAfter: 5 } };
  await page.route('**/graphql', (route) =>
    route.fulfill({ ...answer, body: JSON.stringify({ errors: [down] }) }),
  );
  await page.getByLabel('Role').selectOption('ADMIN');
  await page.getByText('Part of Gatehouse is unavailable. Try again in 5 seconds.').waitFor();
  await page.unroute('**/graphql');
  await button(page, 'Try again').click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
});

it('is accessible in every section, and fits on a telephone', slow, async () => {
  await app.sql(
    `insert into outbox_entries (id, kind, created_at, attempts, last_error, done_at, outcome)
     values (gen_random_uuid(), 'mail', now(), 3, 'EENVELOPE 550', now(), 'REFUSED')`,
  );
  const page = await open();
  const id = await idOf(app, admin);
  const webhook = await insertWebhook(app);
  await insertDelivery(app, webhook);
  const webhooks = ['webhooks', `webhooks/${webhook}`];
  const sections = ['', '?range=days', 'users', `users/${id}`, 'audit', 'live', ...webhooks];
  for (const section of [...sections, 'outbox', 'signing-keys', 'api-keys', 'nowhere']) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.evaluate((to) => {
      location.hash = `#/${to}`;
    }, section);
    await app.eventually(() => page.evaluate(() => !document.querySelector('.loading')));
    if (section === '') await page.getByText('Show as a table').first().click();
    expect([section, await barriers(page, 'all')]).toEqual([section, []]);
    await photograph(page, `console-${section.split('/')[0]}`);
    await page.setViewportSize({ width: 375, height: 667 });
    const overflow = () => document.documentElement.scrollWidth - window.innerWidth;
    expect([section, await page.evaluate(overflow)]).toEqual([section, 0]);
    expect([section, await barriers(page, 'all')]).toEqual([section, []]);
  }
});
