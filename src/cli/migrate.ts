import { openMigrationOrm } from '../db/orm.ts';
import { migrate } from '../db/run-migrations.ts';
import { readCommandConfig } from './command-config.ts';
import { commandLine, run } from './command-line.ts';

const description =
  'Brings the database schema up to date. Safe to run several times at once: one run works, the others wait.';

await run(
  commandLine('npm run migrate', description).action(async () => {
    const { databaseUrl, databaseCa } = await readCommandConfig(['databaseUrl', 'databaseCa']);
    const orm = await openMigrationOrm(databaseUrl, 'gatehouse-migrate', databaseCa);
    try {
      const names = await migrate(orm);
      for (const name of names) console.log(`migrated ${name}`);
      if (names.length === 0) console.log('nothing to do: the schema is up to date');
    } finally {
      await orm.close(true);
    }
  }),
);
