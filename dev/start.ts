import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  ConfigError,
  environmentOf,
  environmentVariables,
  readConfig,
  type Variables,
} from '#src/config/load-config.ts';
import { formatError } from './format-error.ts';
import { nodeProcess, nodeTask } from './node-process.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import { findRedis } from './redis/find-redis.ts';
import { startRedis } from './redis/start-redis.ts';
import { managedStore } from './store.ts';
import { supervise } from './supervisor.ts';
import { sayReadiness, welcome } from './welcome.ts';

const directory = resolve('.data');
const main = resolve(import.meta.dirname, '../src/cli/main.ts');
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Runs the whole service until Ctrl-C. @throws ConfigError if something does not start */
export async function start(): Promise<void> {
  await run().catch((cause) => {
    throw cause instanceof ConfigError ? cause : new ConfigError(formatError(cause), { cause });
  });
}

async function run(): Promise<void> {
  const given = environmentVariables();
  const isDevelopment = environmentOf(given, 'development') === 'development';
  // Checks all settings. In development those that are missing are made below.
  const needed = isDevelopment ? (['environment', 'port'] as const) : undefined;
  const config = readConfig(given, 'development', needed);
  const secret = isDevelopment ? keepSecret() : '';
  const { postgres, redis } = storesFor(given, secret);
  const variables = () => ({
    SECRET_KEY: given.SECRET_KEY || secret,
    ...(postgres && { DATABASE_URL: postgres.running().url }),
    ...(redis && { REDIS_URL: redis.running().url }),
  });
  const more = { ...given, NODE_ENV: config.environment };
  const node = (name: string) => ({
    name,
    args: [main, name],
    env: (): Variables => ({ ...more, ...variables() }),
  });
  await supervise({
    directory,
    say,
    steps: [
      [postgres, redis].filter((store) => store !== undefined),
      nodeTask(node('migrate')),
      [nodeProcess(node('server')), nodeProcess(node('worker'))],
    ],
    variables: () => (isDevelopment ? variables() : {}),
    onReady: () => {
      const own = [...(postgres ? [] : ['PostgreSQL']), ...(redis ? [] : ['Redis'])];
      say(welcome(config, own, postgres?.running().user));
      void sayReadiness(config.port, say);
    },
  });
}

/** Returns the secret in `.data/secret`. Makes one at the first start, for its owner only. */
function keepSecret(): string {
  const path = join(directory, 'secret');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
  return readFileSync(path, 'utf8').trim();
}

/** Returns the stores that the settings do not name. */
function storesFor(given: Variables, secret: string) {
  // Derives a password, so that the stores never get the secret itself.
  const password = createHash('sha256').update(`embedded stores ${secret}`).digest('base64url');
  const place = { directory, password, durable: true };
  const search = { cacheDirectory: directory, searchPath: given.PATH ?? '', say };
  const postgres = managedStore('postgres', (port, signal) =>
    startPostgres({ ...place, port, signal }),
  );
  const redis = managedStore('redis', async (port, signal) => {
    const binary = await findRedis({ ...search, signal });
    return startRedis({ ...place, binary, port, signal });
  });
  const { DATABASE_URL, REDIS_URL, REDIS_HOST, REDIS_PORT } = given;
  const namesRedis = REDIS_URL || REDIS_HOST || REDIS_PORT;
  return { postgres: DATABASE_URL ? undefined : postgres, redis: namesRedis ? undefined : redis };
}
