import type { Account } from '../accounts/account.entity.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { unauthenticated } from '../errors.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Viewer } from './authenticate.ts';

/**
 * The account of who asks, locked until the transaction ends. Their session is looked at once more:
 * it may have ended while this request waited, and must then change nothing.
 *
 * @throws AuthError UNAUTHENTICATED
 */
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
