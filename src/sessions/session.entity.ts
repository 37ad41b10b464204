import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../accounts/account.entity.ts';
import type { AuthMethod } from '../ports/tokens.ts';

/** Unused children of one parent, except the newest. SHA-256 of each `jti`, oldest first. */
export interface OlderSiblings {
  readonly parent: string;
  readonly hashes: readonly string[];
}

const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.uuid().primary(),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade'),
    /** SHA-256 of the newest refresh token's `jti`. Neither token nor `jti` is stored. */
    liveTokenHash: p.string().length(43).unique().hidden(),
    /** SHA-256 of its parent's `jti`. The parent stays valid until one of its children is used. */
    parentTokenHash: p.string().length(43).nullable().hidden(),
    olderSiblings: p.json<OlderSiblings>().nullable().hidden(),
    /** Number of refresh tokens made so far: the claim `gen` of the newest. */
    generation: p.integer().default(0),
    /** Claim `amr`: how the account signed in. */
    amr: p.array().$type<AuthMethod[]>().default(['otp']),
    /** Claim `auth_time`: when the account signed in. */
    createdAt: p.datetime(),
    /** When the newest refresh token was made. */
    lastUsedAt: p.datetime(),
    /** Expiry of the newest refresh token if it stays unused. */
    idleExpiresAt: p.datetime(),
    /** Latest end of the session, even if it is in use; never before `idleExpiresAt`. */
    expiresAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    /** Consecutive wrong passwords, and wrong codes of an app in `stepUp`. */
    wrongPasswords: p.integer().default(0),
    /** Time of the latest `stepUp`. */
    steppedUpAt: p.datetime().nullable(),
    ipAddress: p.string().length(45),
    /** IP prefix of a client that is known to the address. */
    client: p.string().length(64),
    userAgent: p.string().length(512),
  },
  indexes: [
    { name: 'sessions_account_client', properties: ['account', 'client'] },
    {
      name: 'sessions_end',
      expression: 'create index "sessions_end" on "sessions" (least(ended_at, idle_expires_at))',
    },
  ],
});

/** One signed-in device, from the redeemed code until logout, expiry or revocation. */
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);
