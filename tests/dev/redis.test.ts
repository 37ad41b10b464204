import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packagesOf } from '#dev/redis/shared-libraries.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { redisSays } from './clients.ts';
import { afterwards, password, redisOfThisMachine, temporaryDirectory } from './place.ts';

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

it('serves only who knows the password, and shows it to nobody', async () => {
  const { url, pid } = await started(temporaryDirectory(), false);
  const wrong = new URL(url);
  wrong.password = 'guess';
  expect(await redisSays(wrong.href, 'GET word')).toMatch(/WRONGPASS.*NOAUTH/s);
  const seen = [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].map((path) => readFileSync(path));
  expect(Buffer.concat(seen).toString()).not.toContain(password);
});

it('never throws data away to make room, and keeps nothing on disk for tests', async () => {
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

it('says in one line why it does not start', async () => {
  const { port } = await started(temporaryDirectory(), false);
  const binary = await redisOfThisMachine();
  const here = { directory: temporaryDirectory(), password, durable: false, binary };
  await expect(startRedis({ ...here, port })).rejects.toThrow(
    /^Redis does not start: Address already in use \(see .*redis.log\)$/,
  );
});

it('knows in which package a missing library is', () => {
  const libraries = ['libssl.so.3', 'liblua5.1.so.0', 'liblua5.1-cjson.so.0', 'libsystemd.so.0'];
  expect(libraries.map((library) => packagesOf(library)[0])).toEqual([
    'libssl3',
    'liblua5.1-0',
    'lua-cjson',
    'libsystemd0',
  ]);
});
