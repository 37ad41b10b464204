import { createSealer } from '../adapters/jwe-sealer.ts';
import { exportUsers } from '../transfer/export-users.ts';
import { readCommandConfig, withExportReads } from './command-config.ts';
import { type Define, type Terminal, writeAll } from './command-line.ts';

interface Options {
  readonly totpSecrets?: true;
}

export const define: Define = (command, terminal) => {
  command
    .command('users')
    .description(
      'Writes all users with a verified address to standard output, with their password hashes and second factors.',
    )
    .option(
      '--totp-secrets',
      'decrypt the secrets of authenticator apps, for an installation with another SECRET_KEY',
    )
    .action(async ({ totpSecrets }: Options) => {
      const sealer = totpSecrets && (await openSealer(terminal));
      return withExportReads(terminal, 'gatehouse-export', (sql) =>
        writeAll(exportUsers(sql, sealer), terminal),
      );
    });
};

async function openSealer(terminal: Terminal) {
  const needed = ['secretKey', 'secretKeyPrevious'] as const;
  const { secretKey, secretKeyPrevious } = await readCommandConfig(terminal, needed);
  return createSealer('factor', secretKey, secretKeyPrevious);
}
