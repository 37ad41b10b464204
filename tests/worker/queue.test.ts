import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { faultLasts } from '../support/fault-duration.ts';
import { type OwnRedis, startOwnRedis } from '../support/own-redis.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { expectWork, SOON, startServer, startWorker } from './queue-sides.ts';

let redis: OwnRedis;

beforeAll(async () => {
  redis = await startOwnRedis();
});
beforeEach(() => redis.run('FLUSHALL'));
afterAll(() => redis.close());

const fill = () => redis.run('CONFIG', 'SET', 'maxmemory', '1');
const empty = () => redis.run('CONFIG', 'SET', 'maxmemory', '0');

describe('the queue works again by itself', () => {
  it.each([
    ['with its data', async () => undefined],
    ['without', () => redis.run('FLUSHALL')],
  ])('after a restart of Redis %s', async (_how, lose) => {
    const [server, given] = [await startServer(redis.url), startWorker(redis.url)];
    await expectWork(server, given);
    await lose();
    await redis.kill();
    await faultLasts(1000);
    await redis.restart();
    await expectWork(server, given);
  });

  it('after SCRIPT FLUSH, for the jobs that wait and for others', async () => {
    const server = await startServer(redis.url);
    const entries = Array.from({ length: 20 }, () => randomUUID());
    for (const entry of entries) server.announce('mail', entry);
    await expect.poll(() => redis.run('LLEN', '{gatehouse}:mail:waiting')).toBe(1);
    await redis.run('SCRIPT', 'FLUSH');
    const given = startWorker(redis.url);

    await expect.poll(() => new Set(given), { timeout: SOON }).toEqual(new Set(entries));
    await redis.run('SCRIPT', 'FLUSH');
    await expectWork(server, given);
  });

  it('after Redis was frozen', async () => {
    const [server, given] = [await startServer(redis.url), startWorker(redis.url)];
    await expectWork(server, given);
    redis.freeze();
    // Longer than the connection waits for an answer, and than it takes to give up.
    await faultLasts(4000);
    redis.thaw();
    await expectWork(server, given);
  });

  it('after Redis was full, when the worker started or later', async () => {
    await fill();
    const [server, given] = [await startServer(redis.url), startWorker(redis.url)];
    // Longer than the consumer needs to open a queue, to fail and to open another one.
    await faultLasts(3000);
    await empty();
    await expectWork(server, given);
    await fill();
    await faultLasts(1000);
    await empty();
    await expectWork(server, given);
  });

  it('after a failover, while the connections still lead to a read-only Redis', async () => {
    const other = await startOwnRedis();
    const proxy = await startTcpProxy(redis.url);
    onTestFinished(async () => {
      proxy.close();
      await redis.run('REPLICAOF', 'NO', 'ONE');
      await other.close();
    });
    const url = proxy.through(redis.url);
    const [server, given] = [await startServer(url), startWorker(url)];
    await expectWork(server, given);
    proxy.leadTo(other.url);
    await redis.run('REPLICAOF', '127.0.0.1', '1');
    await expectWork(server, given);
  });

  it('after packets were dropped on all open connections', async () => {
    const proxy = await startTcpProxy(redis.url);
    onTestFinished(() => proxy.close());
    const url = proxy.through(redis.url);
    const [server, given] = [await startServer(url), startWorker(url)];
    await expectWork(server, given);
    proxy.fallSilent();
    await expectWork(server, given, 8000);
  });
});
