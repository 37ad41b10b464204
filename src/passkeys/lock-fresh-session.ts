import type { AccountRow } from '../accounts/account-statements.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import { userOf, type Viewer } from '../accounts/user.ts';
import { STEP_UP_LIFETIME } from '../errors/auth-error.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { requireStepUp } from '../sessions/lock-stepped-up.ts';
import { findFreshSession } from './passkey-statements.ts';

/**
 * Locks the signed-in account and its session, which must have begun in the last 10 minutes or have a
 * step-up: a passkey can be added right after a sign-in. Once the account has a factor, only
 * a sign-in with one counts.
 *
 * @throws AuthError STEP_UP_REQUIRED with the accepted proofs, UNAUTHENTICATED if it is over
 */
export async function lockFreshSession(tx: Transaction, viewer: Viewer): Promise<AccountRow> {
  const account = await lockViewer(tx, viewer);
  const since = new Date(tx.clock.now().getTime() - STEP_UP_LIFETIME * 1000);
  const [fresh] = await tx.sql.query(findFreshSession, [viewer.sessionId, since]);
  if (!fresh) await requireStepUp(tx, viewer.sessionId, userOf(account));
  return account;
}
