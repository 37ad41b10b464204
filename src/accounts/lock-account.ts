import { LockMode } from '@mikro-orm/core';
import { unauthenticated } from '../errors/auth-error.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { Account } from './account.entity.ts';
import type { Viewer } from './user.ts';

/**
 * Loads the account of an address with its password hash, unless it is disabled. Locks it until the
 * transaction ends.
 */
export async function lockAccount(tx: Transaction, email: string): Promise<Account | undefined> {
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const found = await tx.em.findOne(
    Account,
    { email, disabledAt: null },
    { lockMode, populate: ['passwordHash'] },
  );
  return found ?? undefined;
}

/** Locks the signed-in account and its session. @throws AuthError UNAUTHENTICATED if it is over */
export async function lockViewer(tx: Transaction, { user, sessionId }: Viewer): Promise<Account> {
  const account = await lockAccount(tx, user.email);
  const [live] = await tx.em.execute<object[]>(
    `select 1 from sessions
     where id = ? and account_id = ? and ended_at is null and idle_expires_at > ? for update`,
    [sessionId, user.id, tx.clock.now()],
  );
  if (!account || !live) throw unauthenticated(true);
  return account;
}
