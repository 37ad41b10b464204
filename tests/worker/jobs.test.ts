import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type OwnRedis, startOwnRedis } from '../support/own-redis.ts';
import { start } from '../support/processes.ts';
import { expectWork, startServer, startWorker } from './queue-sides.ts';

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

it.each(['SIGKILL', 'SIGSTOP'] as const)(
  'gives the job of a worker to another within 10 s of its %s',
  async (signal) => {
    const [server, entry] = [await startServer(redis.url), randomUUID()];
    const script = resolve(import.meta.dirname, 'scripts/hold-jobs.ts');
    const holder = start([process.execPath, script, redis.url], { cwd: '.', env: process.env });
    server.announce('mail', entry);
    await expect.poll(() => redis.run('GET', 'held'), { timeout: 15_000 }).toBe(entry);
    holder.signal(signal);
    const given = startWorker(redis.url);

    await expect.poll(() => given, { timeout: 10_000 }).toEqual([entry]);
    holder.signal('SIGKILL');
  },
  30_000,
);

const job = (data: unknown) => JSON.stringify({ data, options: {}, status: 'created' });

it.each([
  ['that is no JSON', '{"data":{"entryId":'],
  ['that is JSON of another kind', 'null'],
  ['without an entry', job({})],
  ['with an entry that is none', job({ entryId: ["'; drop table"] })],
  ['of 1 MB', job({ letter: 'x'.repeat(1_000_000) })],
  ['of 1 MB that is no JSON', 'x'.repeat(1_000_000)],
  ['that says nothing', undefined],
])('drops a job %s, and goes on', async (_which, text) => {
  const [server, given] = [await startServer(redis.url), startWorker(redis.url)];
  await expectWork(server, given);
  for (const id of ['poison-1', 'poison-2', 'poison-3', 'poison-4', 'poison-5', 'poison-6']) {
    if (text) await redis.run('HSET', '{gatehouse}:mail:jobs', id, text);
    await redis.run('LPUSH', '{gatehouse}:mail:waiting', id);
  }
  await expectWork(server, given);

  const left = () => Promise.all(['jobs', 'active', 'waiting', 'failed'].map(sizeOf));
  await expect.poll(left, { timeout: 10_000, interval: 200 }).toEqual([0, 0, 0, 0]);
  await expectWork(server, given);
});

it('holds a bounded number of jobs while no worker comes', async () => {
  const server = await startServer(redis.url);
  for (let round = 0; round < 24; round += 1) {
    for (let i = 0; i < 500; i += 1) server.announce('audit', randomUUID());
    await pause(20);
  }
  await pause(1500);
  server.announce('audit', randomUUID());
  await pause(100);

  expect(await redis.run('LLEN', '{gatehouse}:audit:waiting')).toBeLessThan(11_000);
});
