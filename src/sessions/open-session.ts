import { randomUUID } from 'node:crypto';
import { ref } from '@mikro-orm/core';
import type { Account } from '../accounts/account.entity.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { Session } from './session.entity.ts';
import { ABSOLUTE_LIFETIME, idleExpiry, tokenHash } from './token-pair.ts';

/** A session in the making: its refresh token's `jti` is known here and nowhere else. */
export interface OpenedSession {
  readonly session: Session;
  readonly jti: string;
}

/** Opens a session of the account, as part of the transaction. */
export function openSession(tx: Transaction, account: Account): OpenedSession {
  const now = tx.clock.now();
  const expiresAt = new Date(now.getTime() + ABSOLUTE_LIFETIME);
  const jti = randomUUID();
  const session = tx.em.create(Session, {
    id: tx.newId(now),
    account: ref(account),
    liveTokenHash: tokenHash(jti),
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: idleExpiry(now, expiresAt),
    expiresAt,
    ipAddress: tx.client.ip,
    client: tx.client.prefix,
    userAgent: tx.client.userAgent,
  });
  account.lastLoginAt = now;
  return { session, jti };
}
