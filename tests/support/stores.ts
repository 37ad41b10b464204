import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '#dev/postgres/start-postgres.ts';
import { findRedis } from '#dev/redis/find-redis.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL with a migrated database called `gatehouse`, to be copied. */
    postgresUrl: string;
    redisUrl: string;
  }
}

/** One PostgreSQL and one Redis for the whole run, in a temporary directory. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'));
  const password = randomBytes(16).toString('hex');
  const binary = await findRedis({
    cacheDirectory: resolve(import.meta.dirname, '../../.data'),
    searchPath: environmentVariables().PATH ?? '',
    say: (line) => console.log(line),
  });
  const place = { directory, password, durable: false };
  const [postgres, redis] = await Promise.all([
    startPostgres(place),
    startRedis({ ...place, binary }),
  ]);
  const orm = await openMigrationOrm(postgres.url);
  await migrate(orm);
  await orm.close(true);
  provide('postgresUrl', postgres.url);
  provide('redisUrl', redis.url);
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(directory, { recursive: true, force: true });
  };
}
