import { createSql } from '../db/prepared-sql.ts';
import { exportUsers } from '../transfer/export-users.ts';
import { withOrm } from './command-config.ts';
import { type Define, writeAll } from './command-line.ts';

export const define: Define = (command, terminal) => {
  command
    .command('users')
    .description(
      'Writes all users with a verified address to standard output, with their password hashes.',
    )
    .action(() =>
      withOrm(terminal, 'gatehouse-export', (orm) =>
        writeAll(exportUsers(createSql(orm).sql), terminal),
      ),
    );
};
