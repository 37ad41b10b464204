import { migrate } from '../db/run-migrations.ts';
import { withOrm } from './command-config.ts';
import { type Define, printing } from './command-line.ts';

export const define: Define = (command, terminal) => {
  printing(command, terminal, async () => {
    const migrated = await withOrm(terminal, 'gatehouse-migrate', migrate);
    const upToDate = ['The database schema is up to date.'];
    const lines = migrated.map((name) => `migrated ${name}`);
    return { data: { migrated }, lines: lines.length > 0 ? lines : upToDate };
  });
};
