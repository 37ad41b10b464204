import type { AccountRow } from '../accounts/account-statements.ts';
import { record } from '../audit/record.ts';
import { enrolledKinds, removeAllFactors } from '../factors/enrolled-factors.ts';
import { endFactorChangesSince } from '../factors/factor-change-statements.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { suspectSince } from '../sessions/forget-clients.ts';

const by = 'undoEmailChange';

/**
 * Removes the second factors and recovery codes of a locked account that came in the week before a
 * change of its address, or later, and ends the undo secrets and requested resets of that time. Older
 * ones stay: only the holder of the old mailbox can undo a change, and a mailbox alone must not remove
 * them. Older recovery codes complete a sign-in even if no other factor is left.
 *
 * @param email the restored address
 */
export async function removeRecentFactors(
  tx: Transaction,
  account: AccountRow,
  email: string,
  changedAt: Date,
): Promise<void> {
  const { id } = account;
  const owner = { id, email };
  const since = suspectSince(changedAt);
  const kinds = account.factorsSince ? tx.factorKinds : [];
  for (const kind of kinds) {
    for (const details of await kind.remove(tx.sql, id, since)) {
      if ('passkey' in details) record(tx, 'PASSKEY_REMOVED', owner, { ...details, by });
      record(tx, 'FACTOR_REMOVED', owner, { factor: kind.name, ...details, by });
    }
  }
  for (const { step } of await tx.sql.query(endFactorChangesSince, [id, tx.clock.now(), since])) {
    if (step === 'RESET_REQUESTED') record(tx, 'FACTOR_RESET_CANCELLED', owner, { by });
  }
  const isOpen = account.factorsSince && (await enrolledKinds(tx, id)).length === 0;
  if (isOpen) await removeAllFactors(tx, account);
}
