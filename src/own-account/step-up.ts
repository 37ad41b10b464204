import { findAddress } from '../accounts/find-address.ts';
import { lockViewer } from '../accounts/lock-account.ts';
import { isSameHash } from '../accounts/password-fingerprint.ts';
import type { Viewer } from '../accounts/user.ts';
import { verifyPassword } from '../accounts/verify-password.ts';
import { record } from '../audit/record.ts';
import { type GivenCode, redeemCode } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import { badUserInput, factorRequired, STEP_UP_LIFETIME } from '../errors/auth-error.ts';
import { factorIn } from '../factors/prove-factor.ts';
import { transaction } from '../outbox/transaction.ts';
import { countInSession } from '../passwords/count-in-session.ts';
import { acceptedProofs } from '../sessions/lock-stepped-up.ts';
import { saveStepUp } from '../sessions/session-statements.ts';
import type { StepUpInput } from './own-account-inputs.ts';
import { stepUpByFactor } from './step-up-by-factor.ts';

/** A confirmed identity. `expiresIn` in seconds. */
export interface StepUp {
  readonly detail: string;
  readonly expiresIn: number;
}

/**
 * Confirms the identity behind a session with the password or a mailed code; of an account with a
 * second factor, only with a factor. Sensitive operations of this session are then allowed for 10
 * minutes (ASVS 5.0 7.5.1, 7.5.3).
 *
 * @throws AuthError STEP_UP_REQUIRED with the accepted proofs, if the account has a factor
 */
export async function stepUp(ctx: Context, viewer: Viewer, input: StepUpInput): Promise<StepUp> {
  const { password, otp, challengeId } = input;
  const factor = factorIn(ctx, input);
  if (factor) await stepUpByFactor(ctx, viewer, factor);
  else if (viewer.user.hasFactor) throw factorRequired(await acceptedProofs(ctx, viewer.user));
  else if (password != null) await checkPassword(ctx, viewer, password);
  else await checkCode(ctx, viewer, { email: viewer.user.email, otp: otp ?? '', challengeId });
  return { detail: 'Identity confirmed', expiresIn: STEP_UP_LIFETIME };
}

const wrong = () => badUserInput({ password: ['The password is wrong.'] });

/** Counts a wrong password like `changePassword` does. */
async function checkPassword(ctx: Context, viewer: Viewer, password: string): Promise<void> {
  const { user, sessionId } = viewer;
  const check = countInSession(ctx, viewer, 'stepUp', wrong);
  using verified = await verifyPassword(ctx, user.email, password, check);
  const isCurrent = await transaction(ctx, async (tx) => {
    const account = await lockViewer(tx, viewer);
    // A factor may have been enrolled since the request was authenticated.
    if (account.factorsSince) return false;
    if (!isSameHash(account.passwordHash, verified.passwordHash)) return false;
    await tx.sql.query(saveStepUp, [sessionId, tx.clock.now()]);
    record(tx, 'LOGIN_SUCCEEDED', account, { by: 'stepUp', sessionId });
    return true;
  });
  if (!isCurrent) throw wrong();
  // Nothing waits for it: a lost refund stays counted.
  void verified.settle();
}

/** Rejects a code that another session requested, or that a password change has ended. */
async function checkCode(ctx: Context, viewer: Viewer, given: GivenCode): Promise<void> {
  const { sessionId } = viewer;
  const { known } = await findAddress(ctx, given.email);
  await redeemCode(ctx, 'CONFIRM', given, known, async (tx, challenge) => {
    const account = await lockViewer(tx, viewer);
    const isCurrent = account.challengeGeneration === challenge.generation;
    if (challenge.sessionId !== sessionId || !isCurrent || account.factorsSince) return undefined;
    await tx.sql.query(saveStepUp, [sessionId, tx.clock.now()]);
    const named = { challenge: challengeName(challenge), sessionId };
    record(tx, 'OTP_VERIFIED', account, { purpose: 'CONFIRM', ...named });
    return account;
  });
}
