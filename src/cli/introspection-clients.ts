import { randomBytes } from 'node:crypto';
import { clientId, secretHashOf } from '../config/introspection-clients-shape.ts';
import { type Define, type Output, printing, UsageError } from './command-line.ts';

export const define: Define = (clients, terminal) => {
  const creation = clients
    .command('new')
    .description('Makes the secret of a client, and the entry of INTROSPECTION_CLIENTS for it.')
    .argument('<id>', 'name of the service: letters, digits, `_`, `.`, `~` or `-`');
  printing(creation, terminal, async (id: string) =>
    createClient(id, terminal.variables().INTROSPECTION_CLIENTS),
  );
};

/** Makes a secret of 256 bits. @param present the setting, whose entries stay */
function createClient(id: string, present: string | undefined): Output {
  if (!clientId.test(id)) {
    throw new UsageError('The id must be 1 to 100 letters, digits, `_`, `.`, `~` or `-`.');
  }
  const secret = randomBytes(32).toString('base64url');
  const entry = `${id}:${secretHashOf(secret)}`;
  const setting = present ? `${present},${entry}` : entry;
  return {
    data: { id, secret, entry, setting },
    lines: [
      `Secret of ${id}, shown once. Give it to the service:`,
      secret,
      '',
      'Set this, and restart the servers:',
      `INTROSPECTION_CLIENTS=${setting}`,
    ],
  };
}
