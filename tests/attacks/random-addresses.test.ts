import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '#src/config/load-config.ts';
import { type AskedOperation, askOver, transports } from '../equivalence/either-transport.ts';
import { newAddress, TestApp, useApp } from '../support/app.ts';
import { newDatabase } from '../support/database.ts';
import { Person } from '../support/flow.ts';
import { type OwnRedis, startOwnRedis } from '../support/own-redis.ts';

const app = useApp({
  TRUST_PROXY: '127.0.0.0/8',
  LIMIT_ADDRESSES: '20/3600',
  LIMIT_ADDRESSES_SITE: '40/3600',
  LIMIT_ADDRESSES_WIDE: '70/3600',
});

const bodies: Readonly<Record<string, object>> = {
  verifyOtp: { otp: '000000' },
  login: { password: 'not-the-password' },
  resetPassword: { otp: '000000', password: 'amber-compass-91' },
};
const operations: readonly AskedOperation[] = ['verifyOtp', 'login', 'resetPassword'];

/**
 * Tries this many addresses, each from the next client in turn. They are the same in every run,
 * because wide networks are counted by a HyperLogLog, which takes a few random ones for one.
 */
async function tryAddresses(count: number, clientOf: (turn: number) => string) {
  const codes = [];
  for (let turn = 0; turn < count; turn += 1) {
    const operation = operations[turn % operations.length] ?? 'verifyOtp';
    const email = `person-${turn}-of-${clientOf(0).replaceAll(/\W/g, '-')}@example.com`;
    const input = { email, ...bodies[operation] };
    const headers = { 'x-forwarded-for': clientOf(turn) };
    codes.push(
      (await askOver(transports[turn % 2] ?? 'REST', app, operation, input, { headers })).code,
    );
  }
  return codes.filter((code) => code !== 'RATE_LIMITED').length;
}

it.each<[string, number, (turn: number) => string]>([
  ['one IPv4 address', 20, () => '192.0.2.1'],
  ['one IPv6 network /64', 20, (n) => `2001:db8:1:1::${n + 1}`],
  ['the networks of one /56', 40, (n) => `2001:db8:2:${(n % 12).toString(16)}::1`],
  ['the networks of one /48', 70, (n) => `2001:db8:3:${(n * 257).toString(16)}::1`],
  ['the addresses of one /24', 70, (n) => `198.51.100.${n + 1}`],
])('lets %s use %i addresses', async (_who, most, clientOf) => {
  const passed = await tryAddresses(most + 15, clientOf);
  // The HyperLogLog has an error of 0.81 %.
  expect(Math.abs(passed - most)).toBeLessThanOrEqual(most > 40 ? 1 : 0);
});

it('lets a client use addresses again that it has used, and does not count rejected ones', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  const ask = (email: string) =>
    askOver('REST', app, 'verifyOtp', { email, otp: '000000' }, { headers });
  const addresses = Array.from({ length: 20 }, newAddress);
  for (const email of addresses) expect((await ask(email)).code).toBe('INVALID_OTP');
  const refused = newAddress();
  for (const _ of Array(3)) expect((await ask(refused)).code).toBe('RATE_LIMITED');
  expect((await ask(addresses[3] ?? '')).code).toBe('INVALID_OTP');
  // Another client of the same /24 may still use others.
  const neighbour = { headers: { 'x-forwarded-for': '203.0.113.8' } };
  const input = { email: refused, otp: '000000' };
  expect((await askOver('REST', app, 'verifyOtp', input, neighbour)).code).toBe('INVALID_OTP');
});

it('never rejects a known client because of other addresses that its network has used', async () => {
  const ada = new Person(app);
  await ada.signIn();
  const inNetwork = { 'x-forwarded-for': ada.from };
  for (let n = 0; n < 25; n += 1) {
    const input = { email: newAddress(), otp: '000000' };
    await askOver('REST', app, 'verifyOtp', input, { headers: inNetwork });
  }
  expect((await new Person(app, newAddress(), ada.from).requestOtp()).code).toBe('RATE_LIMITED');
  expect((await ada.requestOtp()).code).toBeUndefined();
});

it('uses the documented limits by default', () => {
  const variables = { SECRET_KEY: 'x', DATABASE_URL: 'postgres://a/b', REDIS_URL: 'redis://a' };
  const { addresses, addressesPer56, addressesPer48, unknownMemory } = readConfig(
    {
      ...variables,
      LIMIT_ADDRESSES: '300/3600',
      LIMIT_ADDRESSES_SITE: '1000/3600',
      LIMIT_ADDRESSES_WIDE: '3000/3600',
    },
    'development',
  );
  expect([addresses.max, addressesPer56.max, addressesPer48.max]).toEqual([300, 1000, 3000]);
  expect(unknownMemory).toBe(70);
});

// Before: 812 bytes and three keys for each wrong code at a random address.
it('keeps one key of at most 400 bytes for a wrong code at a random address', async () => {
  const { redis } = app.runtime;
  // Queue and worker share the prefix `{gatehouse}:`. Their keys come and go at any time.
  const stored = async () =>
    (await redis.keys('*')).filter((key) => !key.startsWith('{gatehouse}:'));
  const before = new Set(await stored());
  const headers = { 'x-forwarded-for': '198.18.0.99' };
  for (let n = 0; n < 10; n += 1) {
    await askOver('REST', app, 'verifyOtp', { email: newAddress(), otp: '000000' }, { headers });
  }
  const keys = (await stored()).filter((key) => !before.has(key));
  const ofAddresses = keys.filter((key) => key.startsWith('address:'));
  expect(ofAddresses).toHaveLength(10);
  expect(keys.filter((key) => !ofAddresses.includes(key)).sort()).toEqual([
    'client:198.18.0.99/32',
    'touched:{198.18.0.0/24}:198.18.0.0/24',
    'touched:{198.18.0.0/24}:198.18.0.99/32',
  ]);
  const sizes = await Promise.all(ofAddresses.map((key) => redis.memory('USAGE', key)));
  expect(Math.max(...sizes.map(Number))).toBeLessThan(400);
});

it('keeps a bounded number of windows for an address that very many clients attack', async () => {
  const email = newAddress();
  const { redis } = app.runtime;
  const before = new Set(await redis.keys('address:*'));
  const window = { name: 'wrongCodes', kind: 'evictable', max: 5, seconds: 900 } as const;
  const known = { ...window, subject: 'known client', kind: 'own' } as const;
  await app.runtime.rateLimits.consume(email, [known], '');
  for (let n = 0; n < 600; n += 1) {
    await app.runtime.rateLimits.consume(email, [{ ...window, subject: `client ${n}` }], '');
  }
  const key = (await redis.keys('address:*')).find((name) => !before.has(name)) ?? '';
  expect(await redis.hlen(key)).toBeLessThanOrEqual(257);
  expect(await redis.hget(key, 'wrongCodes known client')).toMatch(/^1 /);
});

// Before: a row for ever and a key for each new client of a network past its limit.
it.each<[string, (turn: number) => string]>([
  ['/48', (n) => `2001:db8:4:${(n * 257).toString(16)}::1`],
  ['/24', (n) => `198.51.101.${n + 1}`],
])(
  'keeps one record, and no key for each client, of a %s past its limit',
  async (size, clientOf) => {
    await tryAddresses(75, clientOf);
    const { redis } = app.runtime;
    const rows = () =>
      app.sql<{ payload: string | null; id: string }>(
        `select id from outbox_entries where kind = 'audit' union select id from audit_events`,
      );
    const [keys, before] = [await redis.keys('client:*'), (await rows()).length];
    for (let turn = 100; turn < 112; turn += 1) {
      const operation = operations[turn % operations.length] ?? 'verifyOtp';
      const headers = { 'x-forwarded-for': clientOf(turn) };
      const input = { email: newAddress(), ...bodies[operation] };
      const { code } = await askOver(transports[turn % 2] ?? 'REST', app, operation, input, {
        headers,
      });
      expect(code, size).toBe('RATE_LIMITED');
    }
    expect(await redis.keys('client:*')).toHaveLength(keys.length);
    expect(await rows()).toHaveLength(before);
  },
);

let ownRedis: OwnRedis;
const database = newDatabase();
let full: TestApp;
beforeAll(async () => {
  ownRedis = await startOwnRedis();
  await database.create();
  full = new TestApp({ DATABASE_URL: database.url, REDIS_URL: ownRedis.url });
  await full.start();
});
afterAll(async () => {
  await full.stop();
  await ownRedis.close();
  await database.drop();
});

it('rejects unknown clients above 70 % of the memory, and lets known clients sign in', async () => {
  const ada = new Person(full);
  await full.eventually(async () => (await ada.requestOtp()).data);
  expect((await ada.verifyOtp(await ada.code())).data).toBeTruthy();
  const used = Number(/used_memory:(\d+)/.exec(await full.runtime.redis.info('memory'))?.[1]);
  await ownRedis.run('CONFIG', 'SET', 'maxmemory', String(Math.round(used / 0.8)));
  await full.eventually(() => full.runtime.memory.isReserved);
  const ready = await full.fetch('/readyz');
  expect(ready.status).toBe(200);
  const limited = { status: 'limited', reason: expect.stringContaining('% of maxmemory') };
  expect(JSON.parse(ready.text).parts.redis).toEqual(limited);

  for (const operation of ['requestOtp', 'forgotPassword', 'verifyOtp', 'login'] as const) {
    const input = { email: newAddress(), ...bodies[operation] };
    for (const transport of transports)
      expect((await askOver(transport, full, operation, input)).code).toBe('UNAVAILABLE');
  }
  expect(await full.runtime.redis.keys('address:*')).toHaveLength(1);
  await ada.signIn();
  expect(full.runtime.memory.isFull).toBe(false);

  await ownRedis.run('CONFIG', 'SET', 'maxmemory', String(Math.round(used / 2)));
  await full.eventually(async () => (await full.fetch('/readyz')).status === 503);
  await ownRedis.run('CONFIG', 'SET', 'maxmemory', '0');
  await full.eventually(async () => (await new Person(full).requestOtp()).code === undefined);
}, 20_000);
