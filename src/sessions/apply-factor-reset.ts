import type { AccountRow } from '../accounts/account-statements.ts';
import { record } from '../audit/record.ts';
import { removeAllFactors } from '../factors/enrolled-factors.ts';
import { takeDueReset } from '../factors/reset-statements.ts';
import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import { endEverySession } from './end-sessions.ts';

/**
 * Removes all factors of a locked account that signs in, if an administrator has requested it and the
 * waiting time is over. Ends all sessions: one of them may be of whoever has the factors now.
 *
 * @returns a function that records the reset, with the session of the sign-in; undefined if none is due
 */
export async function applyFactorReset(
  tx: Transaction,
  account: AccountRow,
): Promise<((sessionId: string) => void) | undefined> {
  const [reset] = await tx.sql.query(takeDueReset, [account.id, tx.clock.now()]);
  if (!reset) return undefined;
  await removeAllFactors(tx, account);
  await endEverySession(tx, account, null, 'factor');
  await enqueueMail(tx, account, { about: 'FACTORS_RESET' });
  return (sessionId) => record(tx, 'FACTORS_RESET', account, { by: reset.by, sessionId });
}
