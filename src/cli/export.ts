import { exportUsers } from '../transfer/export-users.ts';
import { withExportReads } from './command-config.ts';
import { type Define, writeAll } from './command-line.ts';

export const define: Define = (command, terminal) => {
  command
    .command('users')
    .description(
      'Writes all users with a verified address to standard output, with their password hashes.',
    )
    .action(() =>
      withExportReads(terminal, 'gatehouse-export', (sql) => writeAll(exportUsers(sql), terminal)),
    );
};
