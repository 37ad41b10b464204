import { createHash, randomUUID } from 'node:crypto';
import { ref } from '@mikro-orm/core';
import type { Account } from '../accounts/account.entity.ts';
import type { User } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { Session } from './session.entity.ts';

const DAY = 24 * 60 * 60 * 1000;
/** A session nobody uses ends after this many milliseconds (ASVS 5.0 7.3.1) … */
const IDLE_LIFETIME = 14 * DAY;
/** … and any session after these (ASVS 5.0 7.3.2). */
const ABSOLUTE_LIFETIME = 30 * DAY;

/** What a client holds once it is signed in. `expiresIn` in seconds. */
export interface AuthPayload {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
  readonly user: User;
}

/** A session in the making: its refresh token's `jti` is known here and nowhere else. */
export interface OpenedSession {
  readonly session: Session;
  readonly jti: string;
}

/** Opens a session of the account, as part of the transaction. */
export function openSession(tx: Transaction, account: Account): OpenedSession {
  const now = tx.clock.now();
  const jti = randomUUID();
  const session = tx.em.create(Session, {
    id: tx.newId(now),
    account: ref(account),
    liveTokenHash: createHash('sha256').update(jti).digest('base64url'),
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: new Date(now.getTime() + IDLE_LIFETIME),
    expiresAt: new Date(now.getTime() + ABSOLUTE_LIFETIME),
    ipAddress: tx.client.ip,
    client: tx.client.prefix,
    userAgent: tx.client.userAgent,
  });
  account.lastLoginAt = now;
  return { session, jti };
}

/** Signs the tokens of a session that is committed. */
export async function signTokens(
  ctx: Context,
  { session, jti }: OpenedSession,
  user: User,
): Promise<AuthPayload> {
  const subject = { accountId: user.id, sessionId: session.id };
  const { createdAt, idleExpiresAt } = session;
  return {
    accessToken: await ctx.tokens.signAccess(subject, createdAt),
    refreshToken: await ctx.tokens.signRefresh(subject, jti, createdAt, idleExpiresAt),
    tokenType: 'Bearer',
    expiresIn: ctx.tokens.accessLifetime,
    user,
  };
}
