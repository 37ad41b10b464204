import { record } from '../audit/record.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { endFactorChanges } from './factor-change-statements.ts';

/**
 * Cancels the pending reset of a locked account: the owner still has the factors, or has added others.
 */
export async function cancelReset(
  tx: Transaction,
  account: { readonly id: string; readonly email: string },
): Promise<void> {
  const values = [account.id, tx.clock.now(), 'RESET_REQUESTED'];
  for (const _reset of await tx.sql.query(endFactorChanges, values)) {
    record(tx, 'FACTOR_RESET_CANCELLED', account, { by: 'factor' });
  }
}
