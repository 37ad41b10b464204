import type { Lab } from '../setup/lab.ts';
import { readStatements, type Statement } from './postgres-messages.ts';
import { tapStore } from './tcp-tap.ts';

/** Statements and commands that a server sent to its stores. */
export interface StoreUse {
  readonly statements: readonly Statement[];
  /** Without announcements to the queue, which have a connection of their own. */
  readonly redisRoundTrips: number;
}

/** A server whose traffic with PostgreSQL and Redis is counted. */
export interface CountedServer {
  readonly pid: number;
  readonly port: number;
  /** Runs `work` and returns what was sent meanwhile. */
  count(work: () => Promise<unknown>): Promise<StoreUse>;
  close(): Promise<void>;
}

export async function startCountedServer({ gatehouse, stores }: Lab): Promise<CountedServer> {
  const statements: Statement[] = [];
  const postgres = await tapStore(stores.postgresUrl, () =>
    readStatements((statement) => statements.push(statement)),
  );
  const redis = await tapStore(stores.redisUrl, () => () => undefined);
  const queue = await tapStore(stores.redisUrl, () => () => undefined);
  const taps = [postgres, redis, queue];
  const server = await gatehouse.server({
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    QUEUE_REDIS_URL: queue.url,
  });
  return {
    pid: server.pid,
    port: server.port,
    async count(work) {
      statements.length = 0;
      const before = redis.roundTrips;
      await work();
      return { statements: [...statements], redisRoundTrips: redis.roundTrips - before };
    },
    async close() {
      await server.stop();
      for (const tap of taps) tap.close();
    },
  };
}
