import type { Lab } from '../setup/lab.ts';
import { readStatements, type Statement } from './postgres-messages.ts';
import { tapStore } from './tcp-tap.ts';

/** What a server sent to its stores. */
export interface StoreUse {
  readonly statements: readonly Statement[];
  readonly postgresRoundTrips: number;
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
  const server = await gatehouse.server({ DATABASE_URL: postgres.url, REDIS_URL: redis.url });
  return {
    pid: server.pid,
    port: server.port,
    async count(work) {
      statements.length = 0;
      const before = [postgres.roundTrips, redis.roundTrips] as const;
      await work();
      return {
        statements: [...statements],
        postgresRoundTrips: postgres.roundTrips - before[0],
        redisRoundTrips: redis.roundTrips - before[1],
      };
    },
    async close() {
      await server.stop();
      postgres.close();
      redis.close();
    },
  };
}
