import { createHash } from 'node:crypto';
import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import {
  type Config,
  ConfigError,
  environmentOf,
  environmentVariables,
  readConfig,
  type Variables,
} from '#src/config/load-config.ts';
import { formatError } from './format-error.ts';
import { type ManagedStore, managedStore } from './managed-store.ts';
import { nodeProcess, nodeTask } from './node-process.ts';
import { type RunningPostgres, startPostgres } from './postgres/start-postgres.ts';
import { findRedis } from './redis/find-redis.ts';
import { startRedis } from './redis/start-redis.ts';
import { keepSecret } from './secret.ts';
import { supervise } from './supervisor.ts';
import { welcome } from './welcome.ts';

const directory = resolve('.data');
const main = resolve(import.meta.dirname, '../src/cli/main.ts');
const say = (line: string) => console.log(line);

/** Runs the whole service until Ctrl-C. @throws ConfigError if something does not start */
export async function start(): Promise<void> {
  await run().catch((cause) => {
    throw cause instanceof ConfigError ? cause : new ConfigError(formatError(cause), { cause });
  });
}

function run(): Promise<void> {
  const compileCache = join(directory, 'compile-cache');
  enableCompileCache(compileCache);
  const given = environmentVariables();
  const isDevelopment = environmentOf(given, 'development') === 'development';
  const config = readConfig(isDevelopment ? withPlaceholders(given) : given, 'development');
  const secret = isDevelopment ? keepSecret(directory) : '';
  const stores = storesFor(given, secret);
  const storeVariables = () => ({
    SECRET_KEY: given.SECRET_KEY || secret,
    ...(stores.postgres && { DATABASE_URL: stores.postgres.running().url }),
    ...(stores.redis && { REDIS_URL: stores.redis.running().url }),
  });
  const node = (name: string) => ({
    name,
    args: [main, name],
    env: (): Variables => ({
      NODE_COMPILE_CACHE: compileCache,
      ...given,
      NODE_ENV: config.environment,
      ...storeVariables(),
    }),
  });
  return supervise({
    directory,
    say,
    steps: [
      [stores.postgres, stores.redis].filter((store) => store !== undefined),
      nodeTask(node('migrate')),
      [nodeProcess(node('server')), nodeProcess(node('worker'))],
    ],
    variables: () => (isDevelopment ? storeVariables() : {}),
    onReady: () => {
      sayWelcome(config, stores);
      void sayReadiness(config.port);
    },
  });
}

interface Stores {
  readonly postgres: ManagedStore | undefined;
  readonly redis: ManagedStore | undefined;
}

/** Returns the stores that the settings do not name. */
function storesFor(given: Variables, secret: string): Stores {
  // A derived password, because the secret itself is for Gatehouse alone.
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
  return {
    postgres: given.DATABASE_URL ? undefined : postgres,
    redis: namesRedis(given) ? undefined : redis,
  };
}

function namesRedis({ REDIS_URL, REDIS_HOST, REDIS_PORT }: Variables): boolean {
  return Boolean(REDIS_URL || REDIS_HOST || REDIS_PORT);
}

/** Adds a value for each setting that is known only after the start, so that the rest is checked. */
function withPlaceholders(given: Variables): Variables {
  return {
    ...given,
    DATABASE_URL: given.DATABASE_URL || 'postgres://embedded',
    REDIS_URL: namesRedis(given) ? given.REDIS_URL : 'redis://embedded',
    SECRET_KEY: given.SECRET_KEY || 'embedded',
  };
}

function sayWelcome(config: Config, { postgres, redis }: Stores): void {
  const own = [...(postgres ? [] : ['PostgreSQL']), ...(redis ? [] : ['Redis'])];
  const running = postgres?.running() as RunningPostgres | undefined;
  say(welcome(config, { own, postgresUser: running?.user }));
}

/** Names the parts that are not ready. Their log lines give the reasons. */
async function sayReadiness(port: number): Promise<void> {
  const response = await fetch(`http://localhost:${port}/readyz`).catch(() => undefined);
  if (response?.status !== 503) return;
  const { parts } = (await response.json()) as { parts: Record<string, { status: string }> };
  for (const [name, { status }] of Object.entries(parts)) {
    if (status === 'unavailable') say(`Not ready: ${name} is unavailable; its log lines say why`);
  }
}
