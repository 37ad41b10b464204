import { join } from 'node:path';
import { formatError } from '#dev/format-error.ts';
import { nodeProcess, nodeTask } from '#dev/node-process.ts';
import { startPostgres } from '#dev/postgres/start-postgres.ts';
import { findRedis } from '#dev/redis/find-redis.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { managedStore } from '#dev/store.ts';
import { supervise } from '#dev/supervisor.ts';

// Does what `npm start` does, with small scripts in place of the service.
const [directory = '', password = '', cacheDirectory = '', failing = ''] = process.argv.slice(2);
const searchPath = process.env.PATH ?? '';
const say = (line: string) => void process.stdout.write(`${line}\n`);
const place = { directory, password, durable: false };
const postgres = managedStore('postgres', (port, signal) =>
  startPostgres({ ...place, port, signal }),
);
const redis = managedStore('redis', async (port, signal) => {
  const binary = await findRedis({ cacheDirectory, searchPath, say, signal });
  return startRedis({ ...place, binary, port, signal });
});
const node = (name: string) => ({
  name,
  args: [join(import.meta.dirname, 'child.ts'), name, failing],
  env: () => ({
    ...process.env,
    DATABASE_URL: postgres.running().url,
    REDIS_URL: redis.running().url,
  }),
});

await supervise({
  directory,
  say,
  steps: [
    postgres,
    redis,
    nodeTask(node('migrate')),
    nodeProcess(node('server')),
    nodeProcess(node('worker')),
  ],
  onReady: () => say('everything runs'),
}).catch((error) => {
  say(formatError(error));
  process.exitCode = 1;
});
