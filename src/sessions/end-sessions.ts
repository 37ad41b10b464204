import type { Account } from '../accounts/account.entity.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { Session } from './session.entity.ts';

/** Ends all sessions and all live codes of an account, which the transaction has locked. */
export async function endEverySession(tx: Transaction, account: Account): Promise<void> {
  account.challengeEpoch += 1;
  await tx.em.nativeUpdate(Session, { account, endedAt: null }, { endedAt: tx.clock.now() });
}
