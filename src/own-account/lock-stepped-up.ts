import type { AccountRow } from '../accounts/account-statements.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { STEP_UP_LIFETIME, stepUpRequired } from '../errors/auth-error.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { findStepUp } from '../sessions/session-statements.ts';

/**
 * Locks the signed-in account and its session, which must have a recent step-up.
 *
 * @throws AuthError STEP_UP_REQUIRED with the accepted proofs, UNAUTHENTICATED if it is over
 */
export async function lockSteppedUp(tx: Transaction, viewer: Viewer): Promise<AccountRow> {
  const account = await lockViewer(tx, viewer);
  const since = new Date(tx.clock.now().getTime() - STEP_UP_LIFETIME * 1000);
  const [recent] = await tx.sql.query(findStepUp, [viewer.sessionId, since]);
  if (!recent) throw stepUpRequired(account.passwordHash == null ? ['CODE'] : ['PASSWORD', 'CODE']);
  return account;
}
