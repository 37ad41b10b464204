import { record } from '../audit/record.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Statement } from '../ports/sql.ts';

const deleteOwnKeys: Statement<{ id: string; name: string }> = {
  name: 'delete-own-api-keys',
  text: 'delete from api_keys where account_id = $1 returning id, name',
};

/** Revokes all API keys of a locked account. @param by reason, for the audit log */
export async function revokeOwnKeys(
  tx: Transaction,
  account: { readonly id: string; readonly email: string },
  by: string,
): Promise<void> {
  for (const { id, name } of await tx.sql.query(deleteOwnKeys, [account.id])) {
    record(tx, 'API_KEY_REVOKED', account, { key: id, name, by });
  }
}
