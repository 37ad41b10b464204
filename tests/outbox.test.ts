import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { useApp } from './support/app.ts';
import { codeIn } from './support/code-in-mail.ts';
import { Person } from './support/flow.ts';

const templates = mkdtempSync(join(tmpdir(), 'mails-'));
afterAll(() => rmSync(templates, { recursive: true }));
const app = useApp({ MAIL_TEMPLATES: templates });

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly payload: string | null;
  readonly outcome: string | null;
  readonly attempts: number;
  readonly last_error: string | null;
}

const entries = (): Promise<Entry[]> => app.sql('select * from outbox_entries order by id');

async function settled(): Promise<Entry[]> {
  return app.eventually(async () => {
    const found = await entries();
    return found.every(({ outcome }) => outcome) && found;
  });
}

it('stores codes and addresses of mails encrypted only', async () => {
  const ada = new Person(app);
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  await ada.requestOtp();
  const [entry] = (await entries()).filter(({ kind }) => kind === 'mail');
  app.mails.refuse = () => undefined;
  const code = await ada.code();

  expect(entry?.payload).toMatch(/^eyJ/);
  const { redis } = app.runtime;
  const keys = (await redis.keys('*')).sort();
  expect(keys.length).toBeGreaterThan(0);
  const values = await Promise.all(
    keys.map(async (key) => {
      const type = await redis.type(key);
      if (type === 'string') return redis.get(key);
      if (type === 'hash') return redis.hgetall(key);
      return type === 'list' ? redis.lrange(key, 0, -1) : redis.smembers(key);
    }),
  );
  const everything = JSON.stringify([keys, values]);
  expect(everything).toContain('SIGN_IN');
  expect(everything).not.toContain(ada.email);
  expect(everything).not.toMatch(new RegExp(`(?<!\\d)${code}(?!\\d)`));
});

it('retries after a temporary rejection, with the same Message-ID', async () => {
  const ada = new Person(app);
  let refusals = 0;
  app.mails.refuse = () => (++refusals === 1 ? { code: 451, text: 'later' } : undefined);
  await ada.requestOtp();
  await ada.code();

  expect(refusals).toBe(2);
  const [entry] = (await settled()).filter(({ attempts }) => attempts === 2);
  expect(ada.mails()[0]).toContain(`Message-ID: <${entry?.id}@localhost>`);
});

it('gives up immediately after a permanent rejection', async () => {
  const ada = new Person(app);
  app.mails.refuse = () => ({ code: 550, text: 'no such user' });
  await ada.requestOtp();
  const refused = await app.eventually(async () =>
    (await entries()).find(({ outcome }) => outcome === 'REFUSED'),
  );
  app.mails.refuse = () => undefined;

  expect(refused.attempts).toBe(1);
});

it('does not send a code that is no longer valid', async () => {
  const ada = new Person(app);
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  await ada.requestOtp();
  const { id } = await app.eventually(async () =>
    (await entries()).find(({ last_error, outcome }) => last_error && !outcome),
  );
  await app.runtime.redis.flushdb();
  app.mails.refuse = () => undefined;

  const all = await settled();
  expect(all.find((entry) => entry.id === id)?.outcome).toBe('DROPPED');
  expect(ada.mails()).toEqual([]);
});

it('handles entries within 3 seconds whose announcement was lost', async () => {
  const ada = new Person(app);
  const { redis } = app.runtime;
  const lost = setInterval(
    () => void redis.del('{gatehouse}:mail:waiting', '{gatehouse}:audit:waiting'),
    1,
  );
  const began = Date.now();
  await ada.requestOtp();
  clearInterval(lost);
  await ada.code();

  expect(Date.now() - began).toBeLessThan(3000);
});

it('handles each entry once, however often it is announced', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  await ada.code();
  const all = await settled();
  for (const { kind, id } of all) {
    for (let i = 0; i < 5; i += 1) app.runtime.jobs.announce(kind as 'mail' | 'audit', id);
  }
  const bob = new Person(app);
  await bob.requestOtp();
  await bob.code();
  await settled();

  expect(ada.mails()).toHaveLength(1);
  expect(await ada.events()).toHaveLength(1);
});

it('encrypts every mail to the same size', async () => {
  const ada = new Person(app);
  const bob = new Person(app);
  await ada.register();
  await bob.requestOtp();
  await settled();
  const sizes = (
    await app.sql<{ size: number }>(
      "select length(payload) as size from outbox_entries where kind = 'mail' and payload is not null",
    )
  ).map(({ size }) => size);

  expect(sizes.length).toBeGreaterThan(1);
  expect(new Set(sizes).size).toBe(1);
});

it('gives real and decoy mails the same expiry', async () => {
  const [ada, nobody] = [new Person(app), new Person(app)];
  await ada.signIn();
  await app.sql('delete from outbox_entries');
  for (const person of [ada, nobody]) {
    await person.forgotPassword();
    await person.register();
  }
  const lifetimes = await app.sql<{ lifetime: string | null }>(
    `select round(extract(epoch from expires_at - created_at)) as lifetime
     from outbox_entries where kind = 'mail' order by id`,
  );

  expect(lifetimes.map(({ lifetime }) => lifetime && Number(lifetime))).toEqual([
    300,
    null,
    null,
    300,
  ]);
});

it('shows the mails in the inbox, newest first, with the code to copy', async () => {
  const ada = new Person(app);
  await ada.requestOtp();
  await ada.code(1);
  await ada.requestOtp();
  const code = await ada.code(2);
  await settled();
  const mails = JSON.parse((await app.fetch('/inbox')).text);
  const page = await app.fetch('/inbox', { headers: { accept: 'text/html' } });

  expect(mails[0]).toMatchObject({ to: ada.email, subject: `Your localhost code: ${code}`, code });
  expect(codeIn(mails[0].text)).toBe(code);
  expect(page.text).toContain(`data-code="${code}"`);
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'/);
  const html = await app.fetch(`/inbox/${mails[0].id}`);
  expect(html.text).toContain(code);
  expect(html.headers['content-security-policy']).toMatch(/^default-src 'none'.+sandbox$/);
  expect(page.text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
});

it('shows what is wrong with the templates instead of the inbox', async () => {
  const file = join(templates, 'sign-in-code.txt');
  writeFileSync(file, 'Your code:\n{{coed}}');
  onTestFinished(() => rmSync(file));
  const { status, text } = await app.fetch('/inbox');
  expect(status).toBe(503);
  expect(JSON.parse(text).detail).toMatch(
    /^MAIL_TEMPLATES: sign-in-code.txt, line 2: unknown variable {{coed}}\. Use one of /,
  );
});

it('shows the inbox to this machine only', async () => {
  const { port } = new URL(app.url);
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    '10.0.0.1',
  ]) {
    for (const path of ['/inbox', '/inbox/', '/inbox/x', '/inbox?x']) {
      expect((await app.fetch(path, { headers: { host } })).status).toBe(403);
    }
  }
  for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
    expect((await app.fetch('/inbox', { headers: { [header]: '1.2.3.4' } })).status).toBe(403);
  }
  for (const host of [`localhost:${port}`, '127.0.0.1', '[::1]']) {
    expect((await app.fetch('/inbox', { headers: { host } })).status).toBe(200);
  }
});
