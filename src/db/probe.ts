import type { SqlEntityManager } from '@mikro-orm/postgresql';

/** Inserts zero rows. Unlike `select 1`, fails if read-only, or without tables or privileges. */
export const probeDatabase = (em: SqlEntityManager): Promise<unknown> =>
  em.execute('insert into outbox_entries select * from outbox_entries where false');
