import { endAllSessions } from '../sessions/end-all-sessions.ts';
import { withDatabase } from './command-config.ts';
import { type Define, printing } from './command-line.ts';

export const define: Define = (sessions, terminal) => {
  const endAll = sessions
    .command('end-all')
    .description('Signs all users out, for example after restoring a backup.')
    .requiredOption('--yes', 'confirm that all users must sign in again');
  printing(endAll, terminal, async () => {
    const ended = await withDatabase(terminal, 'gatehouse-sessions', (database) =>
      endAllSessions(database),
    );
    const lines = [`Ended ${ended} sessions. All users must sign in again.`];
    return { data: { ended }, lines };
  });
};
