import { findAddress } from '../accounts/find-address.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { recordFailure } from '../audit/record.ts';
import { isFirstUse } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import { invalidOtp, WRONG_PROOF } from '../errors/auth-error.ts';
import type { VerifyFactorInput } from '../factors/factor-inputs.ts';
import {
  factorIn,
  type GivenFactor,
  limitsOf,
  methodsWith,
  proveFactor,
  recordProof,
} from '../factors/prove-factor.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import { reject } from '../rate-limits/reject.ts';
import { factorAttempt } from './factor-challenge.ts';
import { openSession } from './open-session.ts';
import { type AuthPayload, signTokens } from './token-pair.ts';

/**
 * Completes a sign-in that `verifyOtp` answered with `MFA_REQUIRED`. A wrong proof is counted like a
 * wrong code, and consumes a guess of the challenge, which stays valid.
 */
export async function verifyFactor(ctx: Context, input: VerifyFactorInput): Promise<AuthPayload> {
  const { email, challengeId } = input;
  const given = factorIn(ctx, input);
  if (!given) throw new Error('The input proves no factor.');
  const { known } = await findAddress(ctx, email);
  const attempt = factorAttempt(ctx, email, challengeId, known);
  const limits = limitsOf(ctx, given, known);
  let challenge: Challenge | undefined;
  const verify = async (tx: Transaction) => {
    const compared = await ctx.codes.redeem(attempt, limits);
    if (compared.exceeded) return compared;
    challenge = compared.challenge;
    const done = challenge && (await finish(tx, email, challenge, given));
    if (!done) await recordFailure(tx, 'FACTOR_FAILED', email, { factor: given.kind.name });
    return { done };
  };
  const outcome = await transaction(ctx, verify).catch(async (error) => {
    if (challenge) await ctx.codes.restore(attempt, challenge);
    throw error;
  });
  if ('exceeded' in outcome) return reject(ctx, 'OTP_LOCKED', email, outcome.exceeded);
  const { done } = outcome;
  if (done && challenge) {
    // Nothing waits for it: a lost refund stays counted.
    void ctx.codes.settle(attempt, challenge, limits);
    return signTokens(ctx, done);
  }
  // The next attempt needs the challenge.
  if (challenge) await ctx.codes.restore(attempt, challenge);
  throw invalidOtp(WRONG_PROOF);
}

/** Opens the session. Returns undefined if the proof is wrong, or the challenge has ended. */
async function finish(tx: Transaction, email: string, challenge: Challenge, given: GivenFactor) {
  const account = await lockAccount(tx, email);
  if (account?.challengeGeneration !== challenge.generation) return undefined;
  const place = { challengeId: challenge.id, sessionId: null };
  if (!(await proveFactor(tx, account, given, place))) return undefined;
  if (!(await isFirstUse(tx, challenge))) return undefined;
  const knowsPassword = challenge.passwordFingerprint !== null;
  const methods = methodsWith(knowsPassword ? ['pwd', 'otp'] : ['otp'], given);
  const opened = await openSession(tx, account, methods);
  const { sessionId } = opened;
  await recordProof(tx, account, given, { challenge: challengeName(challenge), sessionId });
  return opened;
}
