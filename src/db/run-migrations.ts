import { setTimeout as pause } from 'node:timers/promises';
import type { MikroORM, SqlEntityManager } from '@mikro-orm/postgresql';

/** Advisory lock that a migrating process holds. */
const MIGRATION_LOCK = 0x6761_7465;
/** Milliseconds between two attempts to get it. */
const PAUSE = 200;

/** Migrates the schema. Concurrent processes wait. @returns the names of the migrations that ran */
export function migrate(orm: MikroORM): Promise<string[]> {
  return orm.em.fork().transactional(async (em) => {
    while (!(await tryLock(em))) await pause(PAUSE);
    const done = await orm.migrator.up();
    return done.map(({ name }) => name);
  });
}

/**
 * Polls, because a process that waits for the lock in PostgreSQL has a snapshot, for whose end
 * `create index concurrently` would wait: a deadlock.
 */
async function tryLock(em: SqlEntityManager): Promise<boolean> {
  const statement = 'select pg_try_advisory_xact_lock(?) as locked';
  const [row] = await em.execute<{ locked: boolean }[]>(statement, [MIGRATION_LOCK]);
  return row?.locked === true;
}
