import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../accounts/account.entity.ts';

export const apiKeyScopes = ['READ', 'WRITE'] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: p.uuid().primary(),
    /** The `ADMIN` who created it, and whom it needs to stay one. Null for the command line. */
    account: () => p.manyToOne(Account).ref().nullable().deleteRule('cascade'),
    /** SHA-256 of the key. The key itself is not stored. */
    hash: p.string().length(43).unique().hidden(),
    /** The first characters of the key. */
    start: p.string().length(16),
    name: p.string().length(100),
    scope: p.enum(apiKeyScopes),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
    /** Time of the last use, to the minute. */
    lastUsedAt: p.datetime().nullable(),
  },
});

/** A key by which a machine runs administrative operations. Revoking deletes it. */
export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);
