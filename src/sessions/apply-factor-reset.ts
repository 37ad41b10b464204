import type { AccountRow } from '../accounts/account-statements.ts';
import { record } from '../audit/record.ts';
import { removeAllFactors } from '../factors/enrolled-factors.ts';
import { takeDueReset } from '../factors/reset-statements.ts';
import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import { endEverySession } from './end-sessions.ts';

/**
 * Removes all factors of a locked account that signs in, if an administrator has ordered it and the
 * waiting time is over. Ends all sessions: one of them may be of whoever has the factors now.
 */
export async function applyFactorReset(tx: Transaction, account: AccountRow): Promise<void> {
  const [reset] = await tx.sql.query(takeDueReset, [account.id, tx.clock.now()]);
  if (!reset) return;
  await removeAllFactors(tx, account);
  await endEverySession(tx, account, null, 'factor');
  await enqueueMail(tx, account, { about: 'FACTORS_RESET' });
  record(tx, 'FACTORS_RESET', account, { by: reset.by });
}
