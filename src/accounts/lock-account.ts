import { unauthenticated } from '../errors/auth-error.ts';
import type { Transaction } from '../outbox/transaction.ts';
import {
  type AccountRow,
  lockAccountById,
  lockAccountRow,
  lockActiveSession,
  saveAccountRow,
} from './account-statements.ts';
import type { Viewer } from './user.ts';

/** Loads the account of an address, unless it is disabled. Locks it until the transaction ends. */
export const lockAccount = async (
  tx: Transaction,
  email: string,
): Promise<AccountRow | undefined> => (await tx.sql.query(lockAccountRow, [email]))[0];

/**
 * Locks the signed-in account and its session: by id, because the address may have changed since the
 * request was authenticated.
 *
 * @throws AuthError UNAUTHENTICATED if the session is over
 */
export async function lockViewer(
  tx: Transaction,
  { user, sessionId }: Viewer,
): Promise<AccountRow> {
  const [account] = await tx.sql.query(lockAccountById, [user.id]);
  const [live] = await tx.sql.query(lockActiveSession, [sessionId, user.id, tx.clock.now()]);
  if (!account || !live) throw unauthenticated(true);
  return account;
}

/** Saves a locked account. */
export async function saveAccount(tx: Transaction, account: AccountRow): Promise<void> {
  const { id, role, emailVerifiedAt, passwordHash, firstName, lastName, locale } = account;
  const names = [firstName, lastName];
  await tx.sql.query(saveAccountRow, [id, role, emailVerifiedAt, passwordHash, ...names, locale]);
}
