import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { start } from '../support/command.ts';
import { machineVariables } from '../support/machine-variables.ts';
import { type OwnRedis, startOwnRedis } from '../support/own-redis.ts';
import { expectWork, SOON, startConsumer, startServer, startWorker } from './queue-sides.ts';

let redis: OwnRedis;

beforeAll(async () => {
  redis = await startOwnRedis();
});
beforeEach(() => redis.run('FLUSHALL'));
afterAll(() => redis.close());

/** How much there is under one of the queue's keys, whatever its type. */
async function sizeOf(name: string): Promise<number> {
  const key = `{gatehouse}:mail:${name}`;
  const count: Record<string, string> = { list: 'LLEN', hash: 'HLEN', set: 'SCARD' };
  const command = count[String(await redis.run('TYPE', key))];
  return command ? Number(await redis.run(command, key)) : 0;
}

it('reassigns the jobs of a worker within 10 s of its SIGKILL or SIGSTOP', async () => {
  const server = await startServer(redis.url);
  const script = resolve(import.meta.dirname, 'scripts/hold-jobs.ts');
  const holders = ['SIGKILL', 'SIGSTOP'].map(() =>
    start([process.execPath, script, redis.url], {
      cwd: '.',
      env: { ...process.env, ...machineVariables() },
    }),
  );
  const entries = [randomUUID(), randomUUID()].sort();
  const held = async () => (await redis.run('SMEMBERS', 'held')) as string[];
  for (const entry of entries) {
    server.announce('mail', entry);
    await expect.poll(held, { timeout: 15_000 }).toContain(entry);
  }
  holders[0]?.signal('SIGKILL');
  holders[1]?.signal('SIGSTOP');
  const given = startWorker(redis.url);

  await expect.poll(() => given.toSorted(), { timeout: 10_000 }).toEqual(entries);
  holders[1]?.signal('SIGKILL');
}, 30_000);

const job = (data: unknown) => JSON.stringify({ data, options: {}, status: 'created' });

it.each([
  ['that is no JSON', '{"data":{"entryId":'],
  ['that is JSON of another kind', 'null'],
  ['without an entry', job({})],
  ['with an entry that is none', job({ entryId: ["'; drop table"] })],
  ['with others that are none', job({ entryId: randomUUID(), others: [randomUUID(), 1] })],
  ['whose others are no list', job({ entryId: randomUUID(), others: 1 })],
  ['of 1 MB', job({ letter: 'x'.repeat(1_000_000) })],
  ['of 1 MB that is no JSON', 'x'.repeat(1_000_000)],
  ['that says nothing', undefined],
])('drops a job %s, and goes on', async (_which, text) => {
  const [server, given] = [await startServer(redis.url), startWorker(redis.url)];
  await expectWork(server, given);
  for (const id of ['broken-1', 'broken-2', 'broken-3', 'broken-4', 'broken-5', 'broken-6']) {
    if (text) await redis.run('HSET', '{gatehouse}:mail:jobs', id, text);
    await redis.run('LPUSH', '{gatehouse}:mail:waiting', id);
  }
  await expectWork(server, given);

  const left = () => Promise.all(['jobs', 'active', 'waiting', 'failed'].map(sizeOf));
  await expect.poll(left, { timeout: 10_000, interval: 200 }).toEqual([0, 0, 0, 0]);
  await expectWork(server, given);
});

const waiting = async (kind: string) =>
  Number(await redis.run('LLEN', `{gatehouse}:${kind}:waiting`));

it('announces mails that come together by jobs of at most 20, and audit events by one', async () => {
  const server = await startServer(redis.url);
  const entries = Array.from({ length: 45 }, () => randomUUID()).sort();
  for (const kind of ['mail', 'audit'] as const) {
    for (const entry of entries) server.announce(kind, entry);
  }
  await expect.poll(() => waiting('mail')).toBe(3);
  await expect.poll(() => waiting('audit')).toBe(1);
  const given = startWorker(redis.url);

  await expect.poll(() => given.toSorted(), { timeout: SOON }).toEqual(entries);
  await expectWork(server, given);
});

it('starts none of the entries that wait in its jobs after the worker is told to stop', async () => {
  const server = await startServer(redis.url);
  const given: string[] = [];
  const gate = Promise.withResolvers<void>();
  const consumer = startConsumer(redis.url, async (entryId) => {
    given.push(entryId);
    await gate.promise;
  });
  for (let i = 0; i < 20; i += 1) server.announce('mail', randomUUID());
  await expect.poll(() => given, { timeout: SOON }).toHaveLength(3);
  const closed = consumer.close();
  gate.resolve();
  await closed;

  expect(given).toHaveLength(3);
});

it('holds a bounded number of jobs while no worker runs', async () => {
  const server = await startServer(redis.url);
  const fill = "for i = 1, 9990 do redis.call('lpush', KEYS[1], i) end";
  await redis.run('EVAL', fill, '1', '{gatehouse}:mail:waiting');
  for (let i = 0; i < 500; i += 1) server.announce('mail', randomUUID());
  await expect.poll(() => waiting('mail')).toBe(10_000);
  for (let i = 0; i < 500; i += 1) {
    server.announce('mail', randomUUID());
    server.announce('audit', randomUUID());
  }
  await expect.poll(() => waiting('audit')).toBe(1);
  expect(await waiting('mail')).toBe(10_000);
});
