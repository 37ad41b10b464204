import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { isOutage } from '../errors/outage.ts';
import type { Sql } from '../ports/sql.ts';

/** The state of a replica. */
interface ReplicaState {
  isUsable(): boolean;
  markDown(error: unknown): void;
}

/**
 * Runs statements that only read on a replica. While it cannot be used, they run on the primary, and
 * those that fail on the replica run again there: a conflict with the replay (SQLSTATE 40001) cancels
 * statements of a replica at any time.
 */
export function readFromReplica(primary: Sql, replica: Sql, state: ReplicaState): Sql {
  const read = async <Result>(run: (sql: Sql) => Promise<Result>): Promise<Result> => {
    if (!state.isUsable()) return run(primary);
    try {
      return await run(replica);
    } catch (error) {
      if (isOutage(error)) state.markDown(error);
      return run(primary);
    }
  };
  const execute = (...given: Parameters<SqlEntityManager['execute']>) =>
    read((sql) => sql.em.execute(...given));
  return {
    query: (...given) => read((sql) => sql.query(...given)),
    // Lists call no other method of MikroORM.
    em: { execute } as SqlEntityManager,
  };
}
