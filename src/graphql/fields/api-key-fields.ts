import type { ApiKeyScope } from '../../api-keys/api-key.entity.ts';
import { createApiKeyInput, revokeApiKeyInput } from '../../api-keys/api-key-inputs.ts';
import type { ListedApiKey } from '../../api-keys/api-key-statements.ts';
import { type CreatedApiKey, createApiKey } from '../../api-keys/create-api-key.ts';
import { listApiKeys } from '../../api-keys/list-api-keys.ts';
import { revokeApiKey } from '../../api-keys/revoke-api-key.ts';
import { builder } from '../builder.ts';
import { currentActor, currentViewer } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { Acknowledgement, type ObjectFieldBuilder, valuesOf } from './types.ts';

const ApiKeyScopeType = builder.enumType('ApiKeyScope', {
  description: 'Permissions of an API key.',
  values: valuesOf<ApiKeyScope>({
    READ: 'Run the queries of administrators.',
    WRITE: 'Run the queries and mutations of administrators.',
  }),
});

const apiKeyFields = (t: ObjectFieldBuilder<ListedApiKey>) => ({
  id: t.exposeID('id', { description: 'ID of the key, which is no secret.' }),
  name: t.exposeString('name', { description: 'Purpose of the key.' }),
  scope: t.expose('scope', { type: ApiKeyScopeType, description: 'Permissions of the key.' }),
  start: t.exposeString('start', { description: 'The first characters of the key.' }),
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
  createdBy: t.exposeString('createdBy', {
    description: 'The `id` of the `ADMIN` who created it, or `operator` for the command line.',
  }),
  expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Time when it expires.' }),
  lastUsedAt: t.expose('lastUsedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'Time of the last use, to the minute.',
  }),
});

const ApiKeyType = builder.objectRef<ListedApiKey>('ApiKey').implement({
  description: 'A key for machines, to be sent like an access token.',
  fields: apiKeyFields,
});

const CreatedApiKeyType = builder.objectRef<CreatedApiKey>('CreatedApiKey').implement({
  description: 'A new API key.',
  fields: (t) => ({
    ...apiKeyFields(t as never),
    key: t.exposeString('key', { description: 'The key itself. It is never shown again.' }),
  }),
});

builder.queryField('apiKeys', (t) =>
  t.field({
    description: 'All API keys, the newest first. Requires an access token of an `ADMIN`.',
    type: [ApiKeyType],
    nullable: true,
    authScopes: { admin: true },
    resolve: (_root, _args, ctx) => listApiKeys(ctx),
  }),
);

builder.mutationFields((t) => ({
  createApiKey: t.field({
    description:
      'Creates an API key. It works until it expires or is revoked, and only while its creator is an `ADMIN` who can sign in. Requires an access token of an `ADMIN` and a step-up.',
    type: CreatedApiKeyType,
    authScopes: { admin: true },
    limit: 'administration',
    args: inputArg(t, createApiKeyInput, { types: { scope: ApiKeyScopeType } }),
    resolve: async (_root, { input }, ctx) => createApiKey(ctx, await currentViewer(ctx), input),
  }),
  revokeApiKey: t.field({
    description:
      'Revokes an API key: the next request with it is rejected. Requires an access token of an `ADMIN`.',
    type: Acknowledgement,
    authScopes: { admin: true },
    limit: 'administration',
    args: inputArg(t, revokeApiKeyInput),
    resolve: async (_root, { input }, ctx) => revokeApiKey(ctx, await currentActor(ctx), input),
  }),
}));
