import { findAddress } from '../accounts/find-address.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { recordFailure } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidOtp } from '../errors/auth-error.ts';
import { addMethods } from '../factors/factor-change-statements.ts';
import {
  type GivenFactor,
  ownLimits,
  proveFactor,
  recordProof,
  sharedLimits,
} from '../factors/prove-factor.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import { countWrongCode } from '../passwords/count-in-session.ts';
import { reject } from '../rate-limits/reject.ts';
import { saveStepUp } from '../sessions/session-statements.ts';

/**
 * Confirms the identity behind a session with a factor, and adds it to the methods of the session, which
 * a trusted device may have opened without one. Counts a wrong proof like a wrong code; too many wrong
 * codes of an app end the session.
 */
export async function stepUpByFactor(
  ctx: Context,
  viewer: Viewer,
  given: GivenFactor,
): Promise<void> {
  const { sessionId } = viewer;
  const { email } = viewer.user;
  const { known } = await findAddress(ctx, email);
  const limits = [...ownLimits(ctx, known), ...sharedLimits(ctx, given, known)];
  // First, so that few attempts wait for the lock of the account with a connection each.
  const exceeded = await ctx.rateLimits.consume(email, limits, ctx.client.prefix);
  if (exceeded) return reject(ctx, 'OTP_LOCKED', email, exceeded);
  let isCompared = false;
  const verify = async (tx: Transaction) => {
    const account = await lockViewer(tx, viewer);
    isCompared = true;
    const place = { challengeId: null, sessionId };
    const { isRight, details, notice } = await proveFactor(tx, account, given, place);
    if (notice) await enqueueMail(tx, account, { about: notice });
    if (!isRight) {
      const metadata = { factor: given.kind.name, by: 'stepUp', ...details };
      await recordFailure(tx, 'FACTOR_FAILED', account, metadata);
      if (given.kind.isGuessable) await countWrongCode(tx, viewer);
      return false;
    }
    await tx.sql.query(saveStepUp, [sessionId, tx.clock.now()]);
    await tx.sql.query(addMethods, [sessionId, [...given.kind.amr, 'mfa']]);
    await recordProof(tx, account, given, { purpose: 'CONFIRM', sessionId, ...details });
    return true;
  };
  const isRight = await transaction(ctx, verify).catch((error) => {
    // A session that has ended uses up no guess of the account.
    if (!isCompared) void ctx.rateLimits.refund(email, limits);
    throw error;
  });
  if (!isRight) throw invalidOtp('The proof of the factor is wrong or already used');
  // Nothing waits for it: a lost refund stays counted.
  void ctx.rateLimits.refund(email, limits);
}
