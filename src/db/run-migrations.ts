import type { MikroORM } from '@mikro-orm/postgresql';

/** Any number, as long as it stays: whoever migrates holds this advisory lock. */
const MIGRATION_LOCK = 0x6761_7465;

/**
 * Brings the schema up to date. Any number of processes may do it at once: one works, the others
 * wait and find nothing left to do.
 *
 * @returns the names of the migrations that were run
 */
export function migrate(orm: MikroORM): Promise<string[]> {
  return orm.em.fork().transactional(async (em) => {
    await em.execute('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    const done = await orm.migrator.up();
    return done.map(({ name }) => name);
  });
}
