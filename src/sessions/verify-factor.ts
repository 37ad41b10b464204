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
  methodsWith,
  ownLimits,
  proveFactor,
  recordProof,
  sharedLimits,
} from '../factors/prove-factor.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import type { FactorOutcome } from '../ports/factor-kind.ts';
import type { RateLimit } from '../ports/rate-limits.ts';
import { reject } from '../rate-limits/reject.ts';
import { factorAttempt } from './factor-challenge.ts';
import { openSession } from './open-session.ts';
import { type AuthPayload, signTokens, type TokenSource } from './token-pair.ts';

/**
 * Completes a sign-in that `verifyOtp` answered with `MFA_REQUIRED`. A wrong proof is counted like a
 * wrong code, and consumes a guess of the challenge, which stays valid. Guesses at an app are also
 * counted over all clients.
 */
export async function verifyFactor(ctx: Context, input: VerifyFactorInput): Promise<AuthPayload> {
  const { email, challengeId } = input;
  const given = factorIn(ctx, input);
  if (!given) throw new Error('The input proves no factor.');
  const { known } = await findAddress(ctx, email);
  const attempt = factorAttempt(ctx, email, challengeId, known);
  const limits = { own: ownLimits(ctx, known), shared: sharedLimits(ctx, given, known) };
  const factor = given.kind.name;
  let challenge: Challenge | undefined;
  const verify = async (tx: Transaction) => {
    const compared = await ctx.codes.redeem(attempt, limits.own);
    if (compared.exceeded) return compared;
    challenge = compared.challenge;
    // Only with a challenge: without the mailed code, nobody can use up the guesses of an account.
    const exceeded = challenge && (await consumeShared(ctx, email, limits.shared));
    if (exceeded) return { exceeded };
    const { done, details } = challenge ? await finish(tx, email, challenge, given) : nothing;
    if (!done) await recordFailure(tx, 'FACTOR_FAILED', email, { factor, ...details });
    return { done };
  };
  const outcome = await transaction(ctx, verify).catch(async (error) => {
    if (challenge) await ctx.codes.restore(attempt, challenge);
    throw error;
  });
  const { done } = { done: undefined, ...outcome };
  if (done && challenge) {
    // Nothing waits for it: a lost refund stays counted.
    void ctx.codes.settle(attempt, challenge, [...limits.own, ...limits.shared]);
    return signTokens(ctx, done);
  }
  // The next attempt needs the challenge.
  if (challenge) await ctx.codes.restore(attempt, challenge);
  if ('exceeded' in outcome) return reject(ctx, 'OTP_LOCKED', email, outcome.exceeded);
  throw invalidOtp(WRONG_PROOF);
}

const consumeShared = async (ctx: Context, email: string, limits: readonly RateLimit[]) =>
  limits.length > 0 ? ctx.rateLimits.consume(email, limits, ctx.client.prefix) : undefined;

/** A session, or details of a wrong proof. */
interface Finished {
  readonly done?: TokenSource;
  readonly details?: FactorOutcome['details'];
}

const nothing: Finished = {};

/** Opens the session, unless the proof is wrong or the challenge has ended. */
async function finish(
  tx: Transaction,
  email: string,
  challenge: Challenge,
  given: GivenFactor,
): Promise<Finished> {
  const account = await lockAccount(tx, email);
  if (account?.challengeGeneration !== challenge.generation) return nothing;
  const place = { challengeId: challenge.id, sessionId: null };
  const { isRight, details, notice } = await proveFactor(tx, account, given, place);
  if (notice) await enqueueMail(tx, account, { about: notice });
  if (!isRight) return { details };
  if (!(await isFirstUse(tx, challenge))) return nothing;
  const knowsPassword = challenge.passwordFingerprint !== null;
  const methods = methodsWith(knowsPassword ? ['pwd', 'otp'] : ['otp'], given);
  const done = await openSession(tx, account, methods);
  const { sessionId } = done;
  const named = { challenge: challengeName(challenge), sessionId, ...details };
  await recordProof(tx, account, given, named);
  return { done };
}
