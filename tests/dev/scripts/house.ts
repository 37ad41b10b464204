import { join } from 'node:path';
import { nodePart, nodeTask } from '#dev/node-part.ts';
import { postgresPart, redisPart } from '#dev/parts.ts';
import { supervise } from '#dev/supervisor.ts';

// What `npm start` does, with small scripts in the place of the service.
const [directory = '', password = '', cacheDirectory = '', failing = ''] = process.argv.slice(2);
const searchPath = process.env.PATH ?? '';
const say = (line: string) => void process.stdout.write(`${line}\n`);
const own = { directory, password, durable: false, say, cacheDirectory, searchPath };
const postgres = postgresPart(own);
const redis = redisPart(own);
const script = join(import.meta.dirname, 'child.ts');
const node = (name: string) => ({
  name,
  directory,
  script,
  args: [name, failing],
  env: () => ({ ...process.env, DATABASE_URL: postgres.url(), REDIS_URL: redis.url() }),
});

process.exitCode = await supervise({
  directory,
  say,
  parts: [
    postgres,
    redis,
    nodeTask(node('migrate')),
    nodePart({ ...node('server'), readyWithin: 10_000 }),
    nodePart(node('worker')),
  ],
  onReady: () => say('everything runs'),
});
