import type { MikroORM } from '@mikro-orm/postgresql';

/** Advisory lock that a migrating process holds. */
const MIGRATION_LOCK = 0x6761_7465;

/** Migrates the schema. Concurrent processes wait. @returns the names of the migrations that ran */
export function migrate(orm: MikroORM): Promise<string[]> {
  return orm.em.fork().transactional(async (em) => {
    await em.execute('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    const done = await orm.migrator.up();
    return done.map(({ name }) => name);
  });
}
