import { record } from '../audit/record.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { daysBefore } from '../ports/clock.ts';
import { deletePasskeysSince } from './passkey-statements.ts';

/** Days before a change of the address from which passkeys may be those of whoever changed it. */
const SUSPECT_DAYS = 7;

/**
 * Removes the passkeys of a locked account that were added in the week before a change of its address,
 * or later. Older ones stay: only who has the old mailbox can undo a change, and a mailbox alone must
 * not remove the owner's passkeys.
 */
export async function removeRecentPasskeys(
  tx: Transaction,
  account: { readonly id: string; readonly email: string },
  changedAt: Date,
): Promise<void> {
  const since = daysBefore(changedAt, SUSPECT_DAYS);
  for (const { id } of await tx.sql.query(deletePasskeysSince, [account.id, since])) {
    record(tx, 'PASSKEY_REMOVED', account, { passkey: id, by: 'undoEmailChange' });
  }
}
