import { afterAll, beforeAll, beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import { createLog } from '#src/adapters/pino-log.ts';
import { readConfig } from '#src/config/load-config.ts';
import { openRuntime } from '#src/services.ts';
import { startWorker } from '#worker/worker.ts';
import { newDatabase } from './support/database.ts';
import { type OwnRedis, startOwnRedis } from './support/own-redis.ts';

const database = newDatabase();
let redis: OwnRedis;

beforeAll(async () => {
  redis = await startOwnRedis();
  await database.create();
});
beforeEach(() => keepKeys('100mb', 'noeviction'));
afterAll(async () => {
  await redis.close();
  await database.drop();
});

async function keepKeys(limit: string, policy: string): Promise<void> {
  await redis.run('CONFIG', 'SET', 'maxmemory', limit);
  await redis.run('CONFIG', 'SET', 'maxmemory-policy', policy);
}

/** Starts one of the processes, and reads what it logs. @throws what stops the start */
async function startProcess(which: 'server' | 'worker', variables: Record<string, string> = {}) {
  const lines: { level: number; msg: string }[] = [];
  const log = createLog('debug', which, { write: (line) => void lines.push(JSON.parse(line)) });
  const config = readConfig(
    {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SECRET_KEY: 'k3J-9fLq_7Zt2mX8vB4nR6wY1cD5hG0s',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'no-reply@example.com',
      PUBLIC_URL: 'https://auth.example.com',
      ...variables,
    },
    'production',
  );
  const part = await (which === 'server' ? openRuntime : startWorker)(config, { log });
  onTestFinished(() => part.close(1000));
  // No mail server listens at that port.
  const said = (level: number) =>
    lines.filter((line) => line.level === level && !line.msg.startsWith('SMTP_URL: '));
  return { warnings: () => said(40).map(({ msg }) => msg), errors: () => said(50) };
}

const bothProcesses = ['server', 'worker'] as const;

it.each(bothProcesses)('does not start a %s in production if Redis evicts keys', async (which) => {
  for (const policy of ['allkeys-lru', 'volatile-lru', 'volatile-ttl', 'allkeys-random']) {
    await keepKeys('100mb', policy);
    await expect(startProcess(which)).rejects.toThrow(
      new RegExp(
        `^REDIS_URL: maxmemory-policy is ${policy}, .+ noeviction, .+REDIS_EVICTION=allow.?$`,
      ),
    );
    const others = { REDIS_URL: inject('redisUrl'), QUEUE_REDIS_URL: redis.url };
    await expect(startProcess(which, others)).rejects.toThrow(/^QUEUE_REDIS_URL: .+$/);
  }
});

it.each(bothProcesses)('starts a %s with REDIS_EVICTION=allow, and warns', async (which) => {
  await keepKeys('100mb', 'allkeys-lru');
  const { warnings } = await startProcess(which, { REDIS_EVICTION: 'allow' });
  expect(warnings()).toEqual([
    expect.stringMatching(/^REDIS_URL: maxmemory-policy is allkeys-lru/),
  ]);
});

it('does not start if an eviction policy is set without a memory limit, except in development', async () => {
  await keepKeys('0', 'allkeys-lru');
  await expect(startProcess('worker')).rejects.toThrow(/ is allkeys-lru, /);
  const { warnings } = await startProcess('worker', { NODE_ENV: 'development' });
  expect(warnings()).toEqual([]);
});

it('warns of a Redis that keeps no append-only file', async () => {
  await redis.run('CONFIG', 'SET', 'appendonly', 'no');
  const { warnings } = await startProcess('worker');
  await redis.run('CONFIG', 'SET', 'appendonly', 'yes');
  expect(warnings()).toEqual([expect.stringMatching(/^REDIS_URL: .+ set appendonly to yes/i)]);
});

it('reads the policy of a managed Redis without CONFIG, and starts without INFO', async () => {
  await redis.run('ACL', 'SETUSER', 'managed', 'on', '>pw', '~*', '&*', '+@all', '-config');
  const url = Object.assign(new URL(redis.url), { username: 'managed', password: 'pw' }).href;
  expect((await startProcess('worker', { REDIS_URL: url })).warnings()).toEqual([]);
  await keepKeys('100mb', 'volatile-lru');
  await expect(startProcess('worker', { REDIS_URL: url })).rejects.toThrow(/volatile-lru/);

  await redis.run('ACL', 'SETUSER', 'managed', '-info');
  const { warnings } = await startProcess('worker', { REDIS_URL: url });
  expect(warnings()).toContainEqual(
    expect.stringMatching(/^REDIS_URL: cannot read maxmemory-policy/),
  );
});

it('warns if Redis becomes available later and evicts keys', async () => {
  await redis.kill();
  const { errors } = await startProcess('worker');
  await redis.restart();
  await keepKeys('100mb', 'allkeys-lru');
  await redis.run('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');

  const complaint = { msg: expect.stringMatching(/^REDIS_URL: maxmemory-policy is allkeys-lru/) };
  await expect.poll(errors, { timeout: 5000 }).toMatchObject([complaint]);
});
