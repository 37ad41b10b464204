import type { MikroORM } from '@mikro-orm/postgresql';
import type { InTransaction, PoolState, Sql } from '../ports/sql.ts';
import { OpenTransaction } from './open-transaction.ts';
import type { Client, Pool } from './pool.ts';
import { runPrepared } from './run-prepared.ts';

/** SQLSTATE of a prepared statement whose result a migration has changed. */
const STALE = '0A000';

interface PreparedSql {
  readonly sql: Sql;
  readonly inTransaction: InTransaction;
  readonly poolState: () => PoolState;
}

/**
 * Runs prepared statements and transactions on the pool of MikroORM. After a migration has changed
 * a result, a statement outside a transaction runs again: `discardBroken` has discarded the
 * connections that prepared it before. A transaction fails as in an outage.
 */
export function createSql(orm: MikroORM): PreparedSql {
  let pool: Pool | undefined;
  const connect = async (): Promise<Client> => {
    pool ??= (await orm.em.getConnection().getNativeClient()) as unknown as Pool;
    return pool.connect();
  };
  const query: Sql['query'] = async (statement, values = []) => {
    const client = await connect();
    try {
      return await runPrepared(client, statement, values);
    } finally {
      client.release();
    }
  };
  return {
    sql: {
      get em() {
        return orm.em.fork();
      },
      query: (...given) =>
        query(...given).catch((error) => {
          if (error.code !== STALE) throw error;
          return query(...given);
        }),
    },
    inTransaction: async (work) => new OpenTransaction(await connect(), orm).run(work),
    poolState() {
      const { totalCount = 0, idleCount: idle = 0, waitingCount: waiting = 0 } = pool ?? {};
      return { busy: totalCount - idle, idle, waiting };
    },
  };
}
