import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { createLog } from '#src/adapters/pino-log.ts';
import { openRedis } from '#src/adapters/redis.ts';
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
  await redis.run('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '&*', '+@all', '-@write');
  await redis.run('ACL', 'SETUSER', 'narrow', 'on', '>pw', '~*', '&*', '+@all', '-select');
});
afterAll(async () => {
  await redis.close();
  await database.drop();
});

/** @throws what stops the start */
async function startProcess(which: 'server' | 'worker', variables: Record<string, string>) {
  const config = readConfig(
    {
      DATABASE_URL: database.url,
      REDIS_URL: inject('redisUrl'),
      SECRET_KEY: 'k3J-9fLq_7Zt2mX8vB4nR6wY1cD5hG0s',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'no-reply@example.com',
      PUBLIC_URL: 'https://auth.example.com',
      ...variables,
    },
    'production',
  );
  const log = createLog('silent', which);
  const part = await (which === 'server' ? openRuntime : startWorker)(config, { log });
  onTestFinished(() => part.close(1000));
}

const refusals = [
  ['a database that does not exist', { pathname: '/99' }, 'Redis rejects the database number'],
  ['a wrong password', { password: 'wrong' }, 'wrong user or password'],
  ['no password', { password: '' }, 'wrong user or password'],
  [
    'a user who may not write',
    { username: 'reader', password: 'pw' },
    'the user lacks a permission',
  ],
  [
    'a user who may not select',
    { username: 'narrow', password: 'pw', pathname: '/1' },
    'Redis rejects the database number',
  ],
] as const;

describe.each(['REDIS_URL', 'QUEUE_REDIS_URL'])('%s', (variable) => {
  it.each(refusals)(
    'stops the start of server and worker with %s',
    async (_what, parts, reason) => {
      const { href } = Object.assign(new URL(redis.url), parts);
      const { host } = new URL(redis.url);
      for (const which of ['server', 'worker'] as const) {
        const starting = startProcess(which, { [variable]: href });
        await expect(starting, which).rejects.toThrow(
          new RegExp(`^${variable}: cannot (connect to|use) ${host} \\(${reason}\\)\\. .+\\.$`),
        );
      }
    },
  );
});

it('never falls back to database 0, not even on the connection that waits for jobs', async () => {
  const url = Object.assign(new URL(redis.url), { pathname: '/99' }).href;
  const client = openRedis(url, 'queue', createLog('silent', 'test'));
  const blocking = client.duplicate();
  onTestFinished(() => {
    client.disconnect();
    blocking.disconnect();
  });
  await expect
    .poll(() => client.availability.diagnosis?.reason)
    .toBe('Redis rejects the database number');
  await expect(client.set('a', 1)).rejects.toThrow(/writeable|closed|index|timed out/);
  await expect(blocking.set('a', 1)).rejects.toThrow(/writeable|closed|index|timed out/);
  expect(await redis.run('EXISTS', 'a')).toBe(0);
});

it('logs the reason when the password changes while the service runs, and recovers', async () => {
  const lines: string[] = [];
  const log = createLog('debug', 'test', { write: (line) => void lines.push(line) });
  const client = openRedis(redis.url, 'request', log);
  onTestFinished(() => client.disconnect());
  await expect.poll(() => client.status).toBe('ready');
  await redis.run('CONFIG', 'SET', 'requirepass', 'another');
  await redis.run('CLIENT', 'KILL', 'TYPE', 'normal').catch(() => undefined);
  client.stream.destroy();
  await expect
    .poll(() => client.availability.diagnosis?.reason, { timeout: 5000 })
    .toBe('wrong user or password');
  await expect(client.get('a')).rejects.toThrow(/writeable|closed|index|timed out/);
  expect(lines.join('')).toContain('REDIS_URL: cannot connect to');
});
