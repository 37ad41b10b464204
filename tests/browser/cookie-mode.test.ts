import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { bundleText } from '../support/client-bundle.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { Person } from '../support/flow.ts';
import { many } from '../support/wide-limits.ts';
import { slow, useBrowser } from './browser.ts';

const TABS = 4;

/** Pages that a server shows: one that uses the client, and an empty one. */
const pages: Record<string, string> = {
  '/': '<!doctype html><title>Tab</title><script type="module" src="/tab.js"></script>',
  '/empty': '<!doctype html><title>Empty</title>',
};
const own = new FaultProxy(() => app.url, pages);
/** Other servers on the same site: their pages have other ports. */
const [listed, sibling] = [new FaultProxy(() => app.url, pages), new FaultProxy(() => '', pages)];
await listed.start();

const app = useApp({
  CORS_ORIGINS: listed.url,
  ...{ LIMIT_REQUESTS: many, LIMIT_REFRESH: many, LIMIT_CODE_REQUESTS: many },
});
const visitor = useBrowser(app);

const script = `
  import { createClient } from '@gatehouse/client';
  const url = new URLSearchParams(location.search).get('service') ?? location.origin;
  window.gatehouse = createClient({ url, cookie: true });
  window.events = [];
  window.gatehouse.onAuthStateChange((_state, event) => window.events.push(event));
`;

beforeAll(async () => {
  pages['/tab.js'] = await bundleText(script);
  await Promise.all([own.start(), sibling.start()]);
});
afterAll(() => {
  for (const server of [own, listed, sibling]) server.stop();
});
beforeEach(() => {
  own.operations.length = 0;
});

async function signIn(tab: Page, person: Person): Promise<void> {
  const { email } = person;
  const ask = async (address: string) =>
    (await window.gatehouse.requestOtp({ email: address })).data?.challengeId ?? '';
  const before = person.codes().length;
  const challengeId = await tab.evaluate(ask, email);
  const input = { email, otp: await person.code(before + 1), challengeId };
  const { error } = await tab.evaluate((given) => window.gatehouse.verifyOtp(given), input);
  expect(error).toBeUndefined();
}

const statusOf = (tab: Page) => tab.evaluate(() => window.gatehouse.getState().status);
const statusesBecome = (tabs: Page[], status: string) =>
  app.eventually(async () => {
    const found = await Promise.all(tabs.map(statusOf));
    return found.every((each) => each === status);
  });

/** Every tab sends three requests at once. Returns the codes of those that fail. */
async function askAll(tabs: Page[]): Promise<unknown[]> {
  const codes = await Promise.all(
    tabs.map((tab) =>
      tab.evaluate(async () => {
        const results = await Promise.all([1, 2, 3].map(() => window.gatehouse.me()));
        return results.flatMap(({ error }) => error?.code ?? []);
      }),
    ),
  );
  return codes.flat();
}

/** Returns everything that scripts of the page can read. */
const readable = (tab: Page) =>
  tab.evaluate(() =>
    JSON.stringify([document.cookie, Object.entries(localStorage), Object.entries(sessionStorage)]),
  );

const cookieOf = async (tab: Page) =>
  (await tab.context().cookies()).find(({ name }) => name === '__Host-gatehouse');

it(
  'keeps all tabs signed in with one refresh, and no token that scripts can read',
  slow,
  async () => {
    const person = new Person(app);
    const tabs = await visitor.openTabs(own.url, TABS);
    const [first, last] = [tabs.at(0) as Page, tabs.at(-1) as Page];
    await statusesBecome(tabs, 'signed-out');
    expect(own.count('RefreshTokens')).toBe(1);
    await signIn(first, person);
    await statusesBecome(tabs, 'signed-in');
    expect(await cookieOf(first)).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });
    for (const tab of tabs) expect(await readable(tab)).not.toMatch(/eyJ|__Host/);

    for (const round of [2, 3, 4]) {
      app.clock.advance({ seconds: 1000 });
      if (round === 3) own.inject('RefreshTokens', 'lose-response');
      expect(await askAll(tabs)).toEqual([]);
      // One of them is the repetition of a lost one.
      expect(own.count('RefreshTokens')).toBe(round > 2 ? round + 1 : round);
    }
    const asked = own.count('RefreshTokens');
    await last.reload();
    await statusesBecome(tabs, 'signed-in');
    expect(own.count('RefreshTokens')).toBe(asked + 1);
    expect(await askAll(tabs)).toEqual([]);

    const events = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.events)));
    expect(events.flat()).not.toContain('SIGNED_OUT');
    await last.evaluate(() => window.gatehouse.logout());
    await statusesBecome(tabs, 'signed-out');
    expect(await cookieOf(first)).toBeUndefined();
    await first.reload();
    await statusesBecome(tabs, 'signed-out');
    // A page that knows that nobody is signed in does not ask.
    expect(own.count('RefreshTokens')).toBe(asked + 1);
  },
);

it('follows another user who signs in, in every tab', slow, async () => {
  const [ada, bob] = [new Person(app), new Person(app)];
  const tabs = await visitor.openTabs(own.url, 2);
  await signIn(tabs[0] as Page, ada);
  await signIn(tabs[1] as Page, bob);
  const emailOf = (tab: Page) => tab.evaluate(() => window.gatehouse.getState().user?.email);
  await app.eventually(async () =>
    (await Promise.all(tabs.map(emailOf))).every((email) => email === bob.email),
  );
  expect(await askAll(tabs)).toEqual([]);
  await app.auditWritten();
  expect((await ada.events()).at(-1)?.event).toBe('LOGGED_OUT');
});

it(
  'stays signed out after a logout whose request was lost, and ends the session later',
  slow,
  async () => {
    const person = new Person(app);
    const [tab] = (await visitor.openTabs(own.url, 1)) as [Page];
    await signIn(tab, person);
    own.inject('Logout', 'bad-gateway');
    const lost = await tab.evaluate(() => window.gatehouse.logout());
    expect(lost.error?.code).toBe('NETWORK_ERROR');
    await tab.reload();
    await statusesBecome([tab], 'signed-out');
    expect((await tab.evaluate(() => window.gatehouse.logout())).ok).toBe(true);
    expect(await cookieOf(tab)).toBeUndefined();
    await app.auditWritten();
    expect((await person.events()).at(-1)?.event).toBe('LOGGED_OUT');
  },
);

it('waits for a service that is unavailable when the page loads', slow, async () => {
  const person = new Person(app);
  const [tab] = (await visitor.openTabs(own.url, 1)) as [Page];
  await signIn(tab, person);
  own.inject('RefreshTokens', 'bad-gateway', 'bad-gateway');
  await tab.reload();
  await app.eventually(() => own.count('RefreshTokens') === 3);
  expect(await statusOf(tab)).toBe('loading');
  await app.eventually(async () => (await statusOf(tab)) === 'signed-in', 15);
});

const withoutLocks = `
  Object.defineProperty(navigator, 'locks', { value: undefined });
  delete globalThis.BroadcastChannel;
`;

it('works without Web Locks and BroadcastChannel', slow, async () => {
  const person = new Person(app);
  const tabs = await visitor.openTabs(own.url, TABS, withoutLocks);
  await statusesBecome(tabs, 'signed-out');
  await signIn(tabs[0] as Page, person);
  await statusesBecome(tabs, 'signed-in');
  for (const _round of [1, 2]) {
    app.clock.advance({ seconds: 1000 });
    expect(await askAll(tabs)).toEqual([]);
  }
  await tabs[1]?.evaluate(() => window.gatehouse.logout());
  await statusesBecome(tabs, 'signed-out');
});

describe('a page on another origin', () => {
  /** Opens a page of `origin` in the browser of somebody who is signed in on the own host. */
  async function visit(origin: string, path = '/empty'): Promise<{ tab: Page; own: Page }> {
    const [signedIn] = (await visitor.openTabs(own.url, 1)) as [Page];
    await signIn(signedIn, new Person(app));
    const tab = await signedIn.context().newPage();
    await tab.goto(origin + path);
    return { tab, own: signedIn };
  }

  it('uses the cookie if it is listed and on the same site', slow, async () => {
    const { tab, own: signedIn } = await visit(listed.url, `/?service=${app.url}`);
    await statusesBecome([tab], 'signed-in');
    expect(await askAll([tab, signedIn])).toEqual([]);
    await tab.evaluate(() => window.gatehouse.logout());
    expect(await cookieOf(tab)).toBeUndefined();
    expect(await askAll([signedIn])).toEqual(Array(3).fill('UNAUTHENTICATED'));
  });

  const attacks = async (service: string) => {
    const mutation = 'mutation { logout { detail } }';
    const [json, query] = [JSON.stringify({ query: mutation }), encodeURIComponent(mutation)];
    const attempt = (path: string, init: RequestInit) =>
      fetch(service + path, { credentials: 'include', ...init }).then(
        (response) => (response.type === 'opaque' ? 'sent' : response.status),
        () => 'blocked',
      );
    const header = { 'gatehouse-session': 'cookie' };
    const type = { 'content-type': 'application/json' };
    const form = new FormData();
    form.set('operations', json);
    const results = [
      await attempt('/graphql', { method: 'POST', headers: { ...type, ...header }, body: json }),
      await attempt('/graphql', { method: 'POST', headers: header, body: json }),
      await attempt('/api/v1/auth/logout', { method: 'POST', headers: header }),
      await attempt('/api/v1/auth/token/refresh', { method: 'POST', headers: header }),
    ];
    const simple: RequestInit[] = [
      { method: 'POST', body: json },
      { method: 'POST', body: new URLSearchParams({ query: mutation }) },
      { method: 'POST', body: form },
      { method: 'POST', headers: header, body: json },
    ];
    for (const init of simple) {
      for (const path of ['/graphql', '/api/v1/auth/logout', '/api/v1/auth/token/refresh']) {
        await attempt(path, { mode: 'no-cors', ...init });
      }
    }
    await attempt(`/graphql?query=${query}`, { mode: 'no-cors' });
    navigator.sendBeacon(`${service}/api/v1/auth/logout`, '');
    return results;
  };

  it.each([
    ['on another site', () => sibling.url.replace('127.0.0.1', 'evil.localhost')],
    ['on the same site but not listed', () => sibling.url],
  ])('cannot use it %s, by any request', slow, async (_kind, origin) => {
    const { tab, own: signedIn } = await visit(origin());
    const before = await cookieOf(signedIn);
    const results = await tab.evaluate(attacks, app.url);
    expect(results).toEqual(Array(4).fill('blocked'));
    // A form, whose navigation sends the cookie with GET only.
    for (const method of ['get', 'post']) {
      await tab.goto(`${origin()}/empty`);
      await tab.evaluate(
        ([action, by]) => {
          document.body.innerHTML = `<form action="${action}" method="${by}"><input name="query" value="mutation { logout { detail } }"></form>`;
          document.forms[0]?.submit();
        },
        [`${app.url}/graphql`, method] as const,
      );
      await tab.waitForURL(/graphql/);
    }
    expect(await cookieOf(signedIn)).toEqual(before);
    expect(await askAll([signedIn])).toEqual([]);
    app.clock.advance({ seconds: 1000 });
    expect(await askAll([signedIn])).toEqual([]);
  });
});
