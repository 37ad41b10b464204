import { openDatabase } from '../services.ts';
import { endAllSessions } from '../sessions/end-all-sessions.ts';
import { readCommandConfig } from './command-config.ts';
import { commandLine, run } from './command-line.ts';

const program = commandLine('npm run sessions --', 'Manages sessions. Needs PostgreSQL only.');
program
  .command('end-all')
  .description('Signs everyone out, for example after restoring a backup.')
  .requiredOption('--yes', 'confirm that everyone has to sign in again')
  .action(endAll);
await run(program);

async function endAll(): Promise<void> {
  const needed = ['databaseUrl', 'databaseCa', 'secretKey', 'secretKeyPrevious'] as const;
  const database = await openDatabase(await readCommandConfig(needed), 'gatehouse-sessions');
  const { orm, clock, newId } = database;
  try {
    const count = await endAllSessions(orm.em.fork(), clock, newId);
    console.log(`Sessions ended: ${count}. Everyone has to sign in again.`);
  } finally {
    await orm.close(true);
  }
}
