import { pseudonymOf } from '../audit/pseudonym.ts';
import { record } from '../audit/record.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Statement } from '../ports/sql.ts';
import { isRecentChange } from './reserved-address.ts';

/**
 * Deletes an account with its sessions and changes of address, and orders the erasure of its audit
 * events, also of those about addresses that were reserved for it.
 */
const deleteAccount: Statement = {
  name: 'delete-account',
  text: `with deleted as (delete from accounts where id = $1)
    insert into erasures (account_id, email, requested_at)
    select $1::uuid, $2::varchar, $3::timestamptz
    union
    select $1::uuid, c.old_email, $3::timestamptz from email_changes c
    where c.account_id = $1 and ${isRecentChange('$3')}`,
};

/**
 * Deletes a locked account with its sessions. A worker then replaces its address in the audit log by
 * a pseudonym. The address is free at once, and so are addresses that were reserved for it.
 *
 * @param by who asked for it. If it is the owner, the event does not contain the client.
 */
export async function eraseAccount(
  tx: Transaction,
  { id, email }: { readonly id: string; readonly email: string },
  by: string,
): Promise<void> {
  await tx.sql.query(deleteAccount, [id, email, tx.clock.now()]);
  const { clock, newId, unwritten } = tx;
  const client = by === id ? { ip: '', userAgent: '' } : tx.client;
  const subject = { id, email: pseudonymOf(id) };
  record({ clock, newId, unwritten, client }, 'USER_DELETED', subject, { by });
}
