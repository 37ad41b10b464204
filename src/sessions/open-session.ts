import { randomUUID } from 'node:crypto';
import { ref } from '@mikro-orm/core';
import type { Account } from '../accounts/account.entity.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { type AuthMethod, SESSION_LIFETIME } from '../ports/tokens.ts';
import { revokeSessions } from './end-sessions.ts';
import { Session } from './session.entity.ts';
import { idleExpiry, tokenHash } from './token-pair.ts';

/** Maximum active sessions of one account (ASVS 5.0 7.1.2). */
const MAX_SESSIONS = 20;

/** Opens a session of the locked account. If it has too many, ends the oldest. */
export async function openSession(tx: Transaction, account: Account, amr: AuthMethod[]) {
  const now = tx.clock.now();
  await endOldest(tx, account, now);
  const expiresAt = new Date(now.getTime() + SESSION_LIFETIME * 1000);
  const jti = randomUUID();
  const session = tx.em.create(Session, {
    id: tx.newId(now),
    account: ref(account),
    liveTokenHash: tokenHash(jti),
    generation: 1,
    amr,
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

async function endOldest(tx: Transaction, account: Account, now: Date): Promise<void> {
  const oldest = `id in (
    select id from sessions where account_id = ? and ended_at is null and idle_expires_at > ?
    order by created_at desc, id desc offset ?
  )`;
  await revokeSessions(tx, account, oldest, [account.id, now, MAX_SESSIONS - 1], { by: 'limit' });
}
