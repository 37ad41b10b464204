import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createSql } from '../db/prepared-sql.ts';
import { exportUsers } from '../transfer/export-users.ts';
import { withOrm } from './command-config.ts';
import type { Define } from './command-line.ts';

export const define: Define = (command, terminal) => {
  command
    .command('users')
    .description(
      'Writes all users with a verified address to standard output, with their password hashes.',
    )
    .action(() =>
      withOrm(terminal, 'gatehouse-export', (orm) =>
        pipeline(Readable.from(exportUsers(createSql(orm).sql)), terminal.stdout, {
          end: false,
        }).catch((error) => {
          // The reader, such as `head`, wanted no more.
          if (error.code !== 'EPIPE') throw error;
        }),
      ),
    );
};
