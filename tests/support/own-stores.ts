import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startPostgres } from '#dev/postgres/start-postgres.ts';
import { findRedis } from '#dev/redis/find-redis.ts';
import { startRedis } from '#dev/redis/start-redis.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';
import { childrenOf } from './child-processes.ts';

/** A PostgreSQL or a Redis that a test may stop and restart, at the same address. */
export interface OwnStore {
  readonly url: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Stops it from answering, without closing its connections. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on its data. */
  restart(): Promise<void>;
}

export interface OwnStores {
  readonly postgres: OwnStore;
  readonly redis: OwnStore;
  /** Data of both stores, and their logs in `log/`. */
  readonly directory: string;
  close(): Promise<void>;
}

interface Running {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly exited: Promise<unknown>;
  stop(): Promise<unknown>;
}

const password = 'of-the-tests';

export async function startOwnStores(): Promise<OwnStores> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'));
  const place = { directory, password, durable: true };
  const binary = await findRedis({
    cacheDirectory: resolve(import.meta.dirname, '../../.data'),
    searchPath: environmentVariables().PATH ?? '',
    say: () => undefined,
  });
  const postgres = await ownStore((port) => startPostgres({ ...place, port }));
  const redis = await ownStore((port) => startRedis({ ...place, binary, port }));
  return {
    postgres,
    redis,
    directory,
    async close() {
      await Promise.all([postgres.kill(), redis.kill()]);
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Starts own stores with the tables of the service. */
export async function startMigratedStores(): Promise<OwnStores> {
  const stores = await startOwnStores();
  const orm = await openMigrationOrm(stores.postgres.url);
  await migrate(orm);
  await orm.close(true);
  return stores;
}

/** Starts a store. `start` gets its port when it is started again. */
export async function ownStore(
  start: (port: number | undefined) => Promise<Running>,
): Promise<OwnStore & { stop(): Promise<void> }> {
  let running = await start(undefined);
  // PostgreSQL works through children, each in a group of its own.
  const signal = (name: NodeJS.Signals) => {
    for (const pid of [running.pid, ...childrenOf(running.pid)]) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended already.
      }
    }
  };
  return {
    url: running.url,
    async kill() {
      signal('SIGKILL');
      await running.exited;
    },
    async stop() {
      await running.stop();
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async restart() {
      running = await start(running.port);
    },
  };
}
