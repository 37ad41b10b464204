import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { createClient, GatehouseClient } from '../../client/src/client.ts';
import { useApp } from '../support/app.ts';
import { bundleText } from '../support/client-bundle.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { Person } from '../support/flow.ts';
import { many } from '../support/wide-limits.ts';
import { slow, useBrowser } from './browser.ts';

declare global {
  interface Window {
    createClient: typeof createClient;
    gatehouse: GatehouseClient;
    events: string[];
  }
}

const TABS = 8;
const ROUNDS = 8;

const app = useApp({
  ...{ LIMIT_REQUESTS: many, LIMIT_REFRESH: many, LIMIT_CODE_REQUESTS: many },
});
const visitor = useBrowser(app);

const script = `
  import { createClient } from '@gatehouse/client';
  window.gatehouse = createClient({ url: location.origin, storage: window.storage });
  window.events = [];
  window.gatehouse.onAuthStateChange((_state, event) => window.events.push(event));
`;
const pages: Record<string, string> = {
  '/': '<!doctype html><title>Tab</title><script type="module" src="/tab.js"></script>',
};
const proxy = new FaultProxy(() => app.url, pages);
beforeAll(async () => {
  pages['/tab.js'] = await bundleText(script);
  await proxy.start();
});
afterAll(() => proxy.stop());
beforeEach(() => {
  proxy.operations.length = 0;
});

async function signIn(tab: Page, person: Person): Promise<void> {
  const { email } = person;
  const challengeId = await tab.evaluate(async (address) => {
    const { data } = await window.gatehouse.requestOtp({ email: address });
    return data?.challengeId ?? '';
  }, email);
  const input = { email, otp: await person.code(), challengeId };
  const ok = await tab.evaluate(
    async (given) => (await window.gatehouse.verifyOtp(given)).ok,
    input,
  );
  expect(ok).toBe(true);
}

const statusOf = (tab: Page) => tab.evaluate(() => window.gatehouse.getState().status);
const statusesBecome = (tabs: Page[], status: string) =>
  app.eventually(async () => {
    const found = await Promise.all(tabs.map(statusOf));
    return found.every((each) => each === status);
  });

/** Expires the access token for all tabs. */
const expire = (tab: Page) =>
  tab.evaluate(() => {
    const session = JSON.parse(localStorage.getItem('gatehouse') ?? '{}');
    localStorage.setItem('gatehouse', JSON.stringify({ ...session, expiresAt: 0 }));
  });

/** Each tab sends three requests at once. Returns how many of all succeed. */
async function askAll(tabs: Page[]): Promise<number> {
  const counts = await Promise.all(
    tabs.map((tab) =>
      tab.evaluate(async () => {
        const results = await Promise.all([1, 2, 3].map(() => window.gatehouse.me()));
        return results.filter(({ ok }) => ok).length;
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function signOuts(tabs: Page[]): Promise<number> {
  const events = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.events)));
  return events.flat().filter((event) => event === 'SIGNED_OUT').length;
}

async function auditCount(person: Person, name: string): Promise<number> {
  await app.auditWritten();
  return (await person.events()).filter(({ event }) => event === name).length;
}

it('refreshes once for eight tabs, and signs in and out in all of them', slow, async () => {
  const person = new Person(app);
  const tabs = await visitor.openTabs(proxy.url, TABS);
  const [first, last] = [tabs.at(0) as Page, tabs.at(-1) as Page];
  await signIn(first, person);
  await statusesBecome(tabs, 'signed-in');
  for (let round = 1; round <= ROUNDS; round += 1) {
    await expire(last);
    expect(await askAll(tabs)).toBe(3 * TABS);
    expect(proxy.count('RefreshTokens')).toBe(round);
    app.clock.advance({ seconds: 20 });
  }
  expect(await signOuts(tabs)).toBe(0);
  await last.evaluate(() => window.gatehouse.logout());
  await statusesBecome(tabs, 'signed-out');
  expect(await first.evaluate(() => localStorage.getItem('gatehouse'))).toBeNull();
});

it('signs out all tabs when the session ends elsewhere, by one stream for all', slow, async () => {
  const person = new Person(app);
  const tabs = await visitor.openTabs(proxy.url, 3);
  await signIn(tabs[0] as Page, person);
  await statusesBecome(tabs, 'signed-in');
  const { sessionStreams } = app.runtime;
  await app.eventually(() => sessionStreams.size === 1);
  const elsewhere = await person.signIn();
  await person.revokeOtherSessions(elsewhere.accessToken);
  await statusesBecome(tabs, 'signed-out');
  expect(await signOuts(tabs)).toBe(tabs.length);
  expect(proxy.count('RefreshTokens')).toBe(1);
  expect(sessionStreams.size).toBe(0);
});

const withoutLocks = `
  Object.defineProperty(navigator, 'locks', { value: undefined });
  delete globalThis.BroadcastChannel;
`;

describe.each([
  ['with Web Locks', ''],
  ['without Web Locks and BroadcastChannel', withoutLocks],
])('%s', (_kind, initScript) => {
  it('stays signed in through lost responses, reloads and restarts', slow, async () => {
    const person = new Person(app);
    const tabs = await visitor.openTabs(proxy.url, TABS, initScript);
    const first = tabs[0] as Page;
    await signIn(first, person);
    await statusesBecome(tabs, 'signed-in');
    for (let round = 0; round < ROUNDS; round += 1) {
      await expire(first);
      await disturb(round, tabs);
      expect(await askAll(tabs)).toBe(3 * TABS);
      app.clock.advance({ seconds: 20 });
    }
    expect(await signOuts(tabs)).toBe(0);
    await statusesBecome(tabs, 'signed-in');
    expect(await auditCount(person, 'TOKEN_REUSED')).toBe(0);
    await first.evaluate(() => window.gatehouse.logout());
    await statusesBecome(tabs, 'signed-out');
  });
});

/** Injects one kind of fault while every tab asks. */
async function disturb(round: number, tabs: Page[]): Promise<void> {
  const kind = round % 4;
  if (kind === 0) proxy.inject('RefreshTokens', 'lose-response');
  if (kind === 1) {
    proxy.inject('RefreshTokens', ...Array<'lose-response'>(2 * TABS).fill('lose-response'));
  }
  if (kind === 2) {
    proxy.stop();
    await askAll(tabs);
    await proxy.start();
  }
  if (kind === 3) {
    const asked = askAll(tabs.slice(1)).catch(() => undefined);
    await tabs[1]?.reload();
    await asked;
    await expire(tabs[0] as Page);
  } else if (kind === 1) {
    await askAll(tabs);
    proxy.forgive();
  }
}

/** Holds back what a tab writes to the storage, until `release` is called. */
const heldStorage = `
  globalThis.storage = {
    getItem: (key) => localStorage.getItem(key),
    removeItem: (key) => localStorage.removeItem(key),
    async setItem(key, value) {
      if (globalThis.holds) await new Promise((resolve) => { globalThis.release = resolve; });
      localStorage.setItem(key, value);
    },
  };
`;

it(
  'stays signed out if another tab writes a refreshed session during the logout',
  slow,
  async () => {
    const person = new Person(app);
    const [tab, other] = (await visitor.openTabs(proxy.url, 2, heldStorage)) as [Page, Page];
    await signIn(tab, person);
    await statusesBecome([tab, other], 'signed-in');
    await other.evaluate(() => {
      Object.assign(globalThis, { holds: true });
      void window.gatehouse.refreshTokens();
    });
    await other.waitForFunction(() => 'release' in globalThis);
    const loggedOut = tab.evaluate(() => window.gatehouse.logout());
    await app.eventually(() => proxy.count('Logout') === 1);
    await other.evaluate('globalThis.release()');
    expect((await loggedOut).ok).toBe(true);
    await statusesBecome([tab, other], 'signed-out');
    expect(await tab.evaluate(() => localStorage.getItem('gatehouse'))).toBeNull();
  },
);
