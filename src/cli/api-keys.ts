import { Option } from 'commander';
import { operator } from '../administration/actor.ts';
import { type ApiKeyScope, apiKeyScopes } from '../api-keys/api-key.entity.ts';
import { createApiKeyInput } from '../api-keys/api-key-inputs.ts';
import type { ListedApiKey } from '../api-keys/api-key-statements.ts';
import { createApiKey } from '../api-keys/create-api-key.ts';
import { listApiKeys } from '../api-keys/list-api-keys.ts';
import { revokeApiKey } from '../api-keys/revoke-api-key.ts';
import type { Context } from '../context.ts';
import { withRuntime } from './command-config.ts';
import {
  checkArguments,
  type Define,
  type Output,
  printing,
  tableOf,
  timeOf,
} from './command-line.ts';

interface CreateOptions {
  readonly scope: ApiKeyScope;
  readonly days?: string;
}

export const define: Define = (keys, terminal) => {
  const open = (work: (ctx: Context) => Promise<Output>) => withRuntime(terminal, 'api-keys', work);

  const creation = keys
    .command('create')
    .description('Creates a key and prints it, once. It needs no administrator to stay valid.')
    .argument('<name>', 'what the key is for')
    .addOption(new Option('--scope <scope>').choices(apiKeyScopes).makeOptionMandatory())
    .option('--days <number>', 'days until it expires, at most 366', '90');
  printing(creation, terminal, (name: string, { scope, days }: CreateOptions) =>
    open(async (ctx) => {
      const given = { name, scope, expiresInDays: Number(days) };
      const data = await createApiKey(ctx, undefined, checkArguments(createApiKeyInput, given));
      const lines = [data.key, `Store the key now. It expires at ${timeOf(data.expiresAt)}.`];
      return { data, lines };
    }),
  );

  const listing = keys.command('list').description('Lists all keys, the newest first.');
  printing(listing, terminal, () => open(list));

  const revocation = keys
    .command('revoke')
    .description('Revokes a key: the next request with it is rejected.')
    .argument('<id>', 'the id of the key in the list');
  printing(revocation, terminal, (id: string) =>
    open(async (ctx) => {
      await revokeApiKey(ctx, operator, { id });
      return { data: { id }, lines: [`Revoked ${id}.`] };
    }),
  );
};

async function list(ctx: Context): Promise<Output> {
  const data = await listApiKeys(ctx);
  if (data.length === 0) return { data, lines: ['No API keys.'] };
  const titles = ['id', 'name', 'scope', 'start', 'created by', 'expires', 'last used'];
  return { data, lines: tableOf([titles, ...data.map(rowOf)]) };
}

const rowOf = ({ id, name, scope, start, createdBy, expiresAt, lastUsedAt }: ListedApiKey) => [
  ...[id, name, scope, start, createdBy, timeOf(expiresAt)],
  lastUsedAt ? timeOf(lastUsedAt) : '-',
];
