import { resolve } from 'node:path';
import { startPostgres } from '#dev/postgres/start-postgres.ts';
import { findRedis } from '#dev/redis/find-redis.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { runCommand } from '#dev/run-command.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { moveTo, otherCores } from '../machine/cores.ts';
import { type Database, openDatabase } from './database.ts';
import type { Place } from './place.ts';

export interface Stores {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly redisVersion: string;
  readonly database: Database;
  /** Process of each store. */
  readonly pids: Readonly<Record<'postgres' | 'redis', number>>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL with fsync and Redis with its append-only file, and migrates the database. */
export async function startStores({ directory }: Place): Promise<Stores> {
  const place = { directory, password: 'of-the-bench', durable: true };
  const binary = await findRedis({
    cacheDirectory: resolve(import.meta.dirname, '../../.data'),
    searchPath: environmentVariables().PATH ?? '',
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  const postgres = await startPostgres(place);
  const redis = await startRedis({ ...place, binary });
  for (const { pid } of [postgres, redis]) moveTo(otherCores, pid);
  // They run in sessions of their own, and would outlive this process.
  const kill = () => [postgres, redis].map((store) => store.kill());
  process.once('exit', kill);
  const database = await openDatabase(postgres.url);
  return {
    postgresUrl: postgres.url,
    redisUrl: redis.url,
    redisVersion: await versionOf(binary.command, binary.environment),
    database,
    pids: { postgres: postgres.pid, redis: redis.pid },
    async stop() {
      await database.close();
      await Promise.all([postgres.stop(), redis.stop()]);
      process.off('exit', kill);
    },
  };
}

async function versionOf(command: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await runCommand(command, ['--version'], { env });
  return /v=([\d.]+)/.exec(stdout)?.[1] ?? 'of an unknown version';
}
