import { decodeProtectedHeader } from 'jose';
import { beforeEach, expect, it } from 'vitest';
import { createSealer } from '#src/adapters/jwe-sealer.ts';
import { replaceKeys } from '#src/signing-keys/add-key.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';

const app = useApp();

const keys = (words: string, variables?: Record<string, string>) =>
  command(app, 'keys', words, variables && { variables });

const kid = async () =>
  decodeProtectedHeader((await new Person(app).signIn()).accessToken).kid ?? '';

beforeEach(async () => {
  const sealer = createSealer('signing-key', 'secret of the tests');
  await replaceKeys({ em: app.runtime.orm.em.fork(), sealer, clock: app.clock }, 'ES256');
  await app.sql('delete from signing_keys where dropped_at is not null');
});

it('lists the keys, newest first, with their state and the secret that encrypts them', async () => {
  const signing = await kid();
  await keys('rotate');
  const { code, output } = await keys('list');
  const [titles, waiting, current, ...rest] = output.split('\n');

  expect(code).toBe(0);
  expect(titles).toMatch(/^kid +alg +created +signs from +state +encrypted with$/);
  expect(waiting).toMatch(/^[\w-]{43} {2}ES256 {2}\S+Z {2}\S+Z {2}waiting {2}SECRET_KEY$/);
  expect(current).toMatch(new RegExp(`^${signing}  ES256  \\S+Z  \\S+Z  signing  SECRET_KEY$`));
  expect(rest).toEqual(['']);
  const other = await keys('list', { SECRET_KEY: 'x', SECRET_KEY_PREVIOUS: 'secret of the tests' });
  expect(other.output).toContain('signing  SECRET_KEY_PREVIOUS');
});

it('shows when a replaced key stops verifying, and which keys were dropped', async () => {
  await keys('rotate');
  await app.sql("update signing_keys set signs_from = signs_from - interval '300 s'");
  expect((await keys('list')).output).toMatch(/ verifying until \S+Z {2}SECRET_KEY\n/);

  await keys('rotate --compromised');
  const { output } = await keys('list');
  expect(output.match(/ dropped +\(erased\)\n/g)).toHaveLength(2);
  expect(output).toContain(` signing `);
});

it('creates a key that waits 300 s, and no second one meanwhile', async () => {
  const before = Date.now();
  const first = await keys('rotate');
  const [, made, from = ''] =
    /^Published a new key: (\S+) \(ES256\) signs from (\S+)\n$/.exec(first.output) ?? [];
  expect(first.code).toBe(0);
  expect(Date.parse(from)).toBeGreaterThan(before + 298_000);

  const second = await keys('rotate');
  expect(second).toEqual({
    code: 1,
    output:
      `A new key is already waiting: ${made} (ES256) signs from ${from}. ` +
      'To replace all keys now, run `npx gatehouse keys rotate --compromised`.\n',
  });
});

it('changes the algorithm of tokens only with the next key', async () => {
  const ada = new Person(app);
  const before = (await ada.signIn()).accessToken;
  expect(decodeProtectedHeader(before).alg).toBe('ES256');
  expect((await keys('rotate --alg RS256')).output).toMatch(/^Published a new key: \S+ \(RS256\)/);
  expect((await keys('list')).output).toMatch(/ {2}RS256 {2}\S+Z {2}\S+Z {2}waiting/);
  expect(decodeProtectedHeader((await ada.signIn()).accessToken).alg).toBe('ES256');

  await app.sql("update signing_keys set signs_from = signs_from - interval '300 s'");
  const after = (await ada.signIn()).accessToken;
  expect(decodeProtectedHeader(after).alg).toBe('RS256');
  for (const token of [before, after]) expect((await ada.me(token)).code).toBeUndefined();
});

it('keeps the algorithm unless told otherwise, also after a key was compromised', async () => {
  await keys('rotate --compromised --alg EdDSA');
  expect((await keys('list')).output).toMatch(/ {2}EdDSA {2}\S+Z {2}\S+Z {2}signing/);
  await keys('rotate');
  expect((await keys('list')).output).toMatch(/ {2}EdDSA {2}\S+Z {2}\S+Z {2}waiting/);
});

it("creates no key with a secret that differs from the servers' secret, unless it replaces all keys", async () => {
  const wrong = { SECRET_KEY: 'not that of the servers' };
  const refused = await keys('rotate', wrong);
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/^SECRET_KEY: cannot decrypt the signing keys of this database/);

  const replaced = await keys('rotate --compromised', wrong);
  expect(replaced.code).toBe(0);
  expect(replaced.output).toMatch(/encrypted with a different SECRET_KEY\. Restart all servers\./);
});

it('shows its usage and exits with 2 for invalid arguments', async () => {
  const wrong = [
    ...['', 'lists', 'rotate --all', 'list --compromised', 'rotate now'],
    ...['rotate --alg', 'rotate --alg HS256', 'rotate --alg es256', 'list --alg ES256'],
  ];
  for (const { code, output } of await Promise.all(wrong.map((words) => keys(words)))) {
    expect([code, output]).toEqual([2, expect.stringContaining('Usage: gatehouse keys ')]);
  }
});

it('exits with 1 if its secret decrypts nothing', async () => {
  const { code, output } = await keys('reseal', { SECRET_KEY: 'not that of the servers' });
  expect(code).toBe(1);
  expect(output).toMatch(/^signing keys: 0 re-encrypted, 0 already up to date, 1 skipped/);
  expect(output).toMatch(
    /\nCannot decrypt any key or mail: set SECRET_KEY_PREVIOUS to the secret that encrypted them\n$/,
  );
});

it('prints JSON with --json', async () => {
  const signing = await kid();
  const { output } = await keys('list --json');
  expect(JSON.parse(output)).toEqual([
    {
      kid: signing,
      alg: 'ES256',
      createdAt: expect.stringMatching(/Z$/),
      signsFrom: expect.stringMatching(/Z$/),
      state: 'signing',
      verifiesUntil: null,
      encryptedWith: 'SECRET_KEY',
    },
  ]);
  const rotated = JSON.parse((await keys('rotate --alg RS256 --json')).output);
  expect(rotated).toEqual({
    kid: expect.any(String),
    alg: 'RS256',
    signsFrom: expect.stringMatching(/Z$/),
  });
});
