import { endAllSessions } from '../sessions/end-all-sessions.ts';
import { type Define, printing } from './command-line.ts';
import { withDatabase } from './with-database.ts';

export const define: Define = (sessions, terminal) => {
  const endAll = sessions
    .command('end-all')
    .description('Signs everyone out, for example after restoring a backup.')
    .requiredOption('--yes', 'confirm that everyone has to sign in again');
  printing(endAll, terminal, async () => {
    const ended = await withDatabase(terminal, 'gatehouse-sessions', ({ orm, clock, newId }) =>
      endAllSessions(orm.em.fork(), clock, newId),
    );
    const lines = [`Sessions ended: ${ended}. Everyone has to sign in again.`];
    return { data: { ended }, lines };
  });
};
