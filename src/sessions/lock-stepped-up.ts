import type { AccountRow } from '../accounts/account-statements.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import { type User, userOf, type Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { STEP_UP_LIFETIME, type StepUpProof, stepUpRequired } from '../errors/auth-error.ts';
import { enrolledFactors } from '../factors/enrolled-factors.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { findStepUp } from './session-statements.ts';

/**
 * Locks the signed-in account and its session, which must have a recent step-up.
 *
 * @throws AuthError STEP_UP_REQUIRED with the accepted proofs, UNAUTHENTICATED if it is over
 */
export async function lockSteppedUp(tx: Transaction, viewer: Viewer): Promise<AccountRow> {
  const account = await lockViewer(tx, viewer);
  await requireStepUp(tx, viewer.sessionId, userOf(account));
  return account;
}

type Part = Pick<Context, 'sql' | 'clock' | 'factorKinds'>;

/** The account of a session that steps up. */
type Owner = Pick<User, 'id' | 'hasPassword' | 'hasFactor'>;

/** Requires a recent step-up of a session. @throws AuthError STEP_UP_REQUIRED */
export async function requireStepUp(ctx: Part, sessionId: string, owner: Owner): Promise<void> {
  const { sql, clock } = ctx;
  const since = new Date(clock.now().getTime() - STEP_UP_LIFETIME * 1000);
  const [recent] = await sql.query(findStepUp, [sessionId, since]);
  if (!recent) throw stepUpRequired(await acceptedProofs(ctx, owner));
}

/** Lists the proofs that a step-up accepts: only a factor, once the account has one. */
export async function acceptedProofs(
  ctx: Pick<Part, 'sql' | 'factorKinds'>,
  { id, hasPassword, hasFactor }: Owner,
): Promise<readonly StepUpProof[]> {
  if (hasFactor) return enrolledFactors(ctx, id);
  return hasPassword ? ['PASSWORD', 'CODE'] : ['CODE'];
}
