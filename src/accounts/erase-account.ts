import { pseudonymOf } from '../audit/pseudonym.ts';
import { record } from '../audit/record.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Statement } from '../ports/sql.ts';

/** Deletes an account and its sessions, and orders the erasure of its audit events. */
const deleteAccount: Statement = {
  name: 'delete-account',
  text: `with deleted as (delete from accounts where id = $1)
    insert into erasures (account_id, email, requested_at) values ($1, $2, $3)`,
};

/**
 * Deletes a locked account with its sessions. A worker then replaces its address in the audit log by
 * a pseudonym. The address is free at once.
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
