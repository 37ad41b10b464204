import type { SqlEntityManager } from '@mikro-orm/postgresql';

/**
 * Inserts zero rows into a table that most operations write to. Unlike `select 1`, this fails on a
 * read-only server, on missing tables, and for a user without the privilege.
 */
export async function probeDatabase(em: SqlEntityManager): Promise<void> {
  await em.execute('insert into outbox_entries select * from outbox_entries where false');
}
