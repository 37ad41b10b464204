import { loadConfig } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openMigrationOrm } from '../db/orm.ts';
import { run } from '../process.ts';

/** Brings the database's schema up to date. */
await run(async () => {
  const orm = await openMigrationOrm(loadConfig('production').databaseUrl);
  try {
    for (const name of await migrate(orm)) process.stdout.write(`migrated ${name}\n`);
  } finally {
    await orm.close(true);
  }
});
