import type { MikroORM } from '@mikro-orm/postgresql';
import { createPartitions } from '../audit/audit-partitions.ts';
import { migrate } from '../db/run-migrations.ts';
import { withOrm } from './command-config.ts';
import { type Define, printing } from './command-line.ts';

export const define: Define = (command, terminal) => {
  printing(command, terminal, async () => {
    const migrated = await withOrm(terminal, 'gatehouse-migrate', migrateAll);
    const upToDate = ['The database schema is up to date.'];
    const lines = migrated.map((name) => `migrated ${name}`);
    return { data: { migrated }, lines: lines.length > 0 ? lines : upToDate };
  });
};

/** Migrates, and creates partitions of the audit log: the role of the workers may not own the table. */
async function migrateAll(orm: MikroORM): Promise<string[]> {
  const migrated = await migrate(orm);
  await createPartitions(orm.em.fork(), new Date());
  return migrated;
}

// Release 0.2 ran `node src/cli/migrate.ts`, as Compose files may still do. Not awaited: the
// command imports this file, which therefore has to finish first.
if (import.meta.main) {
  process.argv.splice(2, 0, 'migrate');
  void import('./main.ts');
}
