import { globSync, readFileSync, rmSync } from 'node:fs';
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
import { examples, expectFactor, expectSignIn, type OpenPage, responds } from './sign-in.ts';

const [port, nextPort] = [await freePort(), await freePort()];
const gatehouse = `http://127.0.0.1:${port}`;
const nextUrl = `http://127.0.0.1:${nextPort}`;
/** Serves the example that was built last. */
const pages: Record<string, string> = {};
const server = new FaultProxy(() => '', pages);
await server.start();

const app = useApp({
  PORT: String(port),
  PUBLIC_URL: gatehouse,
  CORS_ORIGINS: `${server.url},${nextUrl}`,
  // All examples are one client.
  LIMIT_CODE_REQUESTS: '100/3600',
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
const build = (example: string) =>
  execa('npm', ['run', 'build'], {
    cwd: join(examples, example),
    env: { ...variables, NEXT_TELEMETRY_DISABLED: '1' },
  });

/** The slow builds, which run beside the other tests. */
const nextBuilds: Record<string, Promise<unknown>> = {};

async function openBuilt(example: string): Promise<Page> {
  const output = join(examples, example, 'dist');
  for (const path of Object.keys(pages)) delete pages[path];
  for (const file of globSync('**/*.{html,js}', { cwd: output })) {
    pages[`/${file.replace('index.html', '')}`] = readFileSync(join(output, file), 'utf8');
  }
  const [page] = await visitor.openTabs(server.url, 1);
  return page as Page;
}

it.each(['react', 'vue', 'react-native', 'rest'])(
  'builds %s, signs in, stays signed in and logs out',
  patient,
  async (example) => {
    await build(example);
    const visit = await expectSignIn(app, () => openBuilt(example));
    if (example === 'react') await expectFactor(app, visit);
  },
);

it.each(['apollo', 'urql'])('builds %s, and lists and ends sessions', patient, async (example) => {
  await build(example);
  await expectSignIn(app, () => openBuilt(example), endOtherSession);
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
  await expectSignIn(app, await startNext('next'), async (page, { email }) => {
    const [account] = await app.sql<{ id: string }>('select id from accounts where email = ?', [
      email,
    ]);
    await page.getByText(`Account ${account?.id} has 0 orders.`).waitFor();
    expect(await cookieOf(page, '__Host-gatehouse')).toMatchObject({ httpOnly: true });
    const stored = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
    expect(stored).not.toMatch(/eyJ/);
  });
});

it('builds next-server, which refreshes its session', patient, async () => {
  await expectSignIn(app, await startNext('next-server'), async (page, person) => {
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
});
