import { findAddress } from '../accounts/find-address.ts';
import { recordFailure } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidOtp, WRONG_PROOF } from '../errors/auth-error.ts';
import type { VerifyFactorInput } from '../factors/factor-inputs.ts';
import { factorIn, ownLimits, sharedLimits } from '../factors/prove-factor.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import type { RateLimit } from '../ports/rate-limits.ts';
import { reject } from '../rate-limits/reject.ts';
import type { Browser } from '../trusted-devices/device-token.ts';
import { requireTrustable, type TrustedBrowser } from '../trusted-devices/trust-device.ts';
import { factorAttempt } from './factor-challenge.ts';
import { nothing, openWithFactor, type Proof } from './open-with-factor.ts';
import { type AuthPayload, signTokens } from './token-pair.ts';

/** A completed sign-in. */
interface SignedIn {
  readonly tokens: AuthPayload;
  /** The new cookie, if the browser is trusted from now on. */
  readonly trusted: TrustedBrowser | undefined;
}

/**
 * Completes a sign-in that `verifyOtp` answered with `MFA_REQUIRED`. A wrong proof is counted like a
 * wrong code, and consumes a guess of the challenge, which stays valid. Guesses at an app are also
 * counted over all clients.
 *
 * @param browser undefined outside cookie mode
 */
export async function verifyFactor(
  ctx: Context,
  input: VerifyFactorInput,
  browser?: Browser,
): Promise<SignedIn> {
  const { email, challengeId } = input;
  const proof = proofOf(ctx, input, browser);
  const { given } = proof;
  const { known } = await findAddress(ctx, email);
  const attempt = factorAttempt(ctx, email, challengeId, known);
  const limits = { own: ownLimits(ctx, known), shared: sharedLimits(ctx, given, known) };
  let challenge: Challenge | undefined;
  const verify = async (tx: Transaction) => {
    const compared = await ctx.codes.redeem(attempt, limits.own);
    if (compared.exceeded) return compared;
    challenge = compared.challenge;
    // Only with a challenge: without the mailed code, nobody can use up the guesses of an account.
    const exceeded = challenge && (await consumeShared(ctx, email, limits.shared));
    if (exceeded) return { exceeded };
    const finished = challenge ? await openWithFactor(tx, email, challenge, proof) : nothing;
    const metadata = { factor: given.kind.name, ...finished.details };
    if (!finished.done) await recordFailure(tx, 'FACTOR_FAILED', email, metadata);
    return finished;
  };
  const outcome = await transaction(ctx, verify).catch(async (error) => {
    if (challenge) await ctx.codes.restore(attempt, challenge);
    throw error;
  });
  const { done, trusted } = 'exceeded' in outcome ? nothing : outcome;
  if (done && challenge) {
    // Nothing waits for it: a lost refund stays counted.
    void ctx.codes.settle(attempt, challenge, [...limits.own, ...limits.shared]);
    return { tokens: signTokens(ctx, done), trusted };
  }
  // The next attempt needs the challenge.
  if (challenge) await ctx.codes.restore(attempt, challenge);
  if ('exceeded' in outcome) return reject(ctx, 'OTP_LOCKED', email, outcome.exceeded);
  throw invalidOtp(WRONG_PROOF);
}

/** Reads the proof of an input. @throws AuthError BAD_USER_INPUT if the browser cannot be trusted */
function proofOf(ctx: Context, input: VerifyFactorInput, browser: Browser | undefined): Proof {
  const toTrust = input.trustDevice ? requireTrustable(ctx, browser) : undefined;
  const given = factorIn(ctx, input);
  if (!given) throw new Error('The input proves no factor.');
  return { given, browser, toTrust };
}

const consumeShared = async (ctx: Context, email: string, limits: readonly RateLimit[]) =>
  limits.length > 0 ? ctx.rateLimits.consume(email, limits, ctx.client.prefix) : undefined;
