import { unauthenticated } from '../errors/auth-error.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Account } from './account.entity.ts';
import { lockAccount } from './lock-account.ts';
import type { Viewer } from './user.ts';

/**
 * Locks the signed-in account until the transaction ends. Checks its session again, which may have
 * ended while this request waited. Every mutation that needs an access token starts with it.
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
