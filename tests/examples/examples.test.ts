import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { build as buildClient } from '../../client/build.ts';
import { useBrowser } from '../browser/browser.ts';
import { useApp } from '../support/app.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import type { Person } from '../support/flow.ts';
import { expectFactor, expectPasskey } from './second-factor.ts';
import { examples, expectSignIn, type OpenPage, responds } from './sign-in.ts';

// Browsers have no passkeys for pages of IP addresses.
const [port, nextPort] = [await freePort(), await freePort()];
const gatehouse = `http://localhost:${port}`;
const nextUrl = `http://localhost:${nextPort}`;
/** Serves the example that was built last. */
const pages: Record<string, string> = {};
const server = new FaultProxy(() => '', pages);
await server.start();
const ownUrl = server.url.replace('127.0.0.1', 'localhost');

const app = useApp({
  TRUSTED_DEVICE_DAYS: '30',
  PORT: String(port),
  PUBLIC_URL: gatehouse,
  CORS_ORIGINS: `${ownUrl},${nextUrl}`,
  // All examples are one client.
  LIMIT_CODE_REQUESTS: '200/3600',
});
const visitor = useBrowser(app);

beforeAll(() => {
  buildClient(join(examples, 'node_modules/@gatehouse/client'));
  let last: Promise<unknown> = Promise.resolve();
  for (const example of ['next', 'next-server']) {
    nextBuilds[example] = last.then(() => build(example));
    last = nextBuilds[example].catch(() => undefined);
  }
});
afterAll(() => {
  server.stop();
  for (const output of globSync('*/{dist,.next}', { cwd: examples })) {
    rmSync(join(examples, output), { recursive: true });
  }
});

const nextBin = join(examples, 'node_modules/next/dist/bin/next');

/** A build computes for ten seconds or more. */
const patient = { timeout: 180_000 };

const variables = Object.fromEntries(
  ['', 'VITE_', 'NEXT_PUBLIC_', 'EXPO_PUBLIC_'].map((prefix) => [
    `${prefix}GATEHOUSE_URL`,
    gatehouse,
  ]),
);

/** Checks the types of an example and builds it, as its `package.json` says. */
const build = (example: string, root = examples) =>
  execa('npm', ['run', 'build'], {
    cwd: join(root, example),
    env: { ...variables, NEXT_TELEMETRY_DISABLED: '1' },
  });

/** The slow builds, which run beside the other tests. */
const nextBuilds: Record<string, Promise<unknown>> = {};

async function openBuilt(example: string, root = examples): Promise<Page> {
  const output = join(root, example, 'dist');
  for (const path of Object.keys(pages)) delete pages[path];
  for (const file of globSync('**/*.{html,js}', { cwd: output })) {
    pages[`/${file.replace('index.html', '')}`] = readFileSync(join(output, file), 'utf8');
  }
  const [page] = await visitor.openTabs(ownUrl, 1);
  return page as Page;
}

it.each(['react', 'vue', 'react-native', 'rest'])(
  'builds %s, signs in, stays signed in and logs out',
  patient,
  async (example) => {
    await build(example);
    const page = await expectSignIn(app, () => openBuilt(example));
    await expectFactor(page, app, { trusts: example === 'rest' });
    if (example !== 'react-native') await expectPasskey(page, app);
  },
);

it('offers to trust the browser in vue, once it is in cookie mode', patient, async () => {
  const root = mkdtempSync(join(tmpdir(), 'gatehouse-vue-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  cpSync(join(examples, 'vue'), join(root, 'vue'), { recursive: true });
  symlinkSync(join(examples, 'node_modules'), join(root, 'node_modules'));
  const file = join(root, 'vue/src/gatehouse.ts');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('createClient({ url })', 'createClient({ url, cookie: true })'));
  await build('vue', root);
  await expectFactor(await openBuilt('vue', root), app, { trusts: true });
});

it.each(['apollo', 'urql'])('builds %s, and lists and ends sessions', patient, async (example) => {
  await build(example);
  const page = await expectSignIn(app, () => openBuilt(example), endOtherSession);
  await expectFactor(page, app);
});

async function endOtherSession(page: Page, person: Person): Promise<void> {
  const elsewhere = await person.signIn();
  await page.reload();
  const devices = page.getByRole('listitem');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await app.eventually(async () => (await devices.count()) === 1);
  await devices.getByText('This device').waitFor();
  expect((await person.me(elsewhere.accessToken)).code).toBe('UNAUTHENTICATED');
}

/** Builds an app of Next.js and runs it. */
async function startNext(example: string): Promise<OpenPage> {
  await nextBuilds[example];
  const next = execa(process.execPath, [nextBin, 'start', '--port', String(nextPort)], {
    cwd: join(examples, example),
    env: { ...variables, HOSTNAME: '127.0.0.1' },
    reject: false,
  });
  onTestFinished(async () => {
    next.kill();
    await next;
  });
  await app.eventually(() => responds(nextUrl), 30);
  return async () => (await visitor.openTabs(nextUrl, 1))[0] as Page;
}

const cookieOf = async (page: Page, name: string) =>
  (await page.context().cookies()).find((cookie) => cookie.name === name);

it('builds next, whose server knows who asks', patient, async () => {
  const open = await startNext('next');
  const visit = await expectSignIn(app, open, async (page, { email }) => {
    const [account] = await app.sql<{ id: string }>('select id from accounts where email = ?', [
      email,
    ]);
    await page.getByText(`Account ${account?.id} has 0 orders.`).waitFor();
    expect(await cookieOf(page, '__Host-gatehouse')).toMatchObject({ httpOnly: true });
    const stored = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
    expect(stored).not.toMatch(/eyJ/);
  });
  await expectFactor(visit, app, { trusts: true });
});

it('builds next-server, which refreshes its session', patient, async () => {
  const open = await startNext('next-server');
  const visit = await expectSignIn(app, open, async (page, person) => {
    const cookie = await cookieOf(page, '__Host-session');
    if (!cookie) throw new Error('there is no cookie');
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });
    const session = JSON.parse(decodeURIComponent(cookie.value));
    const expired = encodeURIComponent(JSON.stringify({ ...session, expiresAt: 0 }));
    await page.context().addCookies([{ ...cookie, value: expired }]);
    for (const _load of [1, 2]) await page.reload();
    await page.getByText(`Signed in as ${person.email}`).waitFor();
    await app.auditWritten();
    const events = (await person.events()).map(({ event }) => event);
    expect(events.filter((event) => event === 'TOKEN_REFRESHED')).toHaveLength(1);
  });
  await expectFactor(visit, app);
});
