import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startRedis } from '#dev/redis/start-redis.ts';
import { redisSays } from './clients.ts';
import { afterwards, isAlive, password, redisOfThisMachine, temporaryDirectory } from './place.ts';

async function started(directory: string, durable: boolean) {
  const binary = await redisOfThisMachine();
  const redis = await startRedis({ directory, password, durable, binary });
  afterwards(() => redis.stop());
  return redis;
}

it('keeps its data between starts', async () => {
  const directory = temporaryDirectory();
  const first = await started(directory, true);
  await redisSays(first.url, 'SET word ada');
  await first.stop();
  const second = await started(directory, true);
  expect(await redisSays(second.url, 'GET word')).toContain('\r\nada\r\n');
});

it('starts after a kill that cut its file short', async () => {
  const directory = temporaryDirectory();
  const first = await started(directory, true);
  await redisSays(first.url, 'SET word ada', 'SET other lovelace');
  first.kill();
  await first.exited;
  const folder = join(directory, 'redis/appendonlydir');
  const file = readdirSync(folder).find((entry) => entry.endsWith('.incr.aof')) ?? '';
  truncateSync(join(folder, file), statSync(join(folder, file)).size - 7);

  const second = await started(directory, true);
  expect(await redisSays(second.url, 'GET word')).toContain('\r\nada\r\n');
});

it('requires the password, and keeps it out of the process list', async () => {
  const { url, pid } = await started(temporaryDirectory(), false);
  const wrong = new URL(url);
  wrong.password = 'guess';
  expect(await redisSays(wrong.href, 'GET word')).toMatch(/WRONGPASS.*NOAUTH/s);
  const seen = [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].map((path) => readFileSync(path));
  expect(Buffer.concat(seen).toString()).not.toContain(password);
});

it('evicts no data, and keeps nothing on disk for tests', async () => {
  const directory = temporaryDirectory();
  const redis = await started(directory, false);
  const settings = ['maxmemory-policy', 'databases', 'bind', 'appendonly', 'save'];
  const said = await redisSays(redis.url, 'SET a b', ...settings.map((key) => `CONFIG GET ${key}`));
  const values = said.split('\r\n').filter((line) => !/^[+*$]/.test(line));
  const wanted = ['noeviction', '64', '127.0.0.1', 'no', ''];
  expect(values.slice(0, 10)).toEqual(settings.flatMap((key, at) => [key, wanted[at]]));
  await redis.stop();
  expect(readdirSync(join(directory, 'redis'))).toEqual([]);
});

it('reports in one line why it does not start', async () => {
  const { port } = await started(temporaryDirectory(), false);
  const binary = await redisOfThisMachine();
  const here = { directory: temporaryDirectory(), password, durable: false, binary };
  await expect(startRedis({ ...here, port })).rejects.toThrow(
    /^Redis did not start: Address already in use\. See .*redis.log$/,
  );
});

it('ends a Redis that still serves the data', async () => {
  const directory = temporaryDirectory();
  const left = await started(directory, true);
  await redisSays(left.url, 'SET word ada');
  const next = await started(directory, true);
  expect(await left.exited).toBe('code 0');
  expect(await redisSays(next.url, 'GET word')).toContain('\r\nada\r\n');
});

it('does not stop another Redis that reuses the port of an ended one', async () => {
  const [directory, other] = [temporaryDirectory(), await started(temporaryDirectory(), false)];
  mkdirSync(join(directory, 'run'));
  writeFileSync(join(directory, 'run/redis-port'), `${other.port}\n`);
  await started(directory, false);
  expect(isAlive(other.pid)).toBe(true);
});
