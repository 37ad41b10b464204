import type { AccountRow } from '../accounts/account-statements.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { STEP_UP_LIFETIME, stepUpRequired } from '../errors/auth-error.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { findStepUp } from './session-statements.ts';

/**
 * Locks the signed-in account and its session, which must have a recent step-up.
 *
 * @throws AuthError STEP_UP_REQUIRED with the accepted proofs, UNAUTHENTICATED if it is over
 */
export async function lockSteppedUp(tx: Transaction, viewer: Viewer): Promise<AccountRow> {
  const account = await lockViewer(tx, viewer);
  await requireStepUp(tx, viewer.sessionId, account.passwordHash != null);
  return account;
}

/** Requires a recent step-up of a session. @throws AuthError STEP_UP_REQUIRED */
export async function requireStepUp(
  { sql, clock }: Pick<Context, 'sql' | 'clock'>,
  sessionId: string,
  hasPassword: boolean,
): Promise<void> {
  const since = new Date(clock.now().getTime() - STEP_UP_LIFETIME * 1000);
  const [recent] = await sql.query(findStepUp, [sessionId, since]);
  if (!recent) throw stepUpRequired(hasPassword ? ['PASSWORD', 'CODE'] : ['CODE']);
}
