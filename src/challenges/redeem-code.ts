import { recordFailure } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidOtp } from '../errors/auth-error.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { Challenge, ChallengePurpose } from '../ports/challenge-store.ts';
import { wrongCodes } from '../rate-limits/code-limits.ts';
import { refuse } from '../rate-limits/reject.ts';
import { RedeemedChallenge } from './redeemed-challenge.entity.ts';

/** A code that somebody wants to redeem. */
export interface GivenCode {
  readonly email: string;
  readonly otp: string;
  readonly challengeId?: string | null | undefined;
}

/** Does what a code is for; undefined refuses it after all. */
type Act<T> = (tx: Transaction, challenge: Challenge) => Promise<T | undefined>;

/**
 * Redeems a code and runs the operation it authorizes, in one transaction. The transaction begins
 * first, so that nothing is counted without a connection. If it fails, a right code stays valid and
 * the attempt stays counted.
 *
 * @param known whether the client is known to the address
 * @returns the result of the operation
 * @throws AuthError INVALID_OTP for any wrong, expired, spent or foreign code; LOCKED after too
 *   many wrong ones
 */
export async function redeemCode<T extends object>(
  ctx: Context,
  purpose: ChallengePurpose,
  { email: address, otp: code, challengeId = null }: GivenCode,
  known: boolean,
  act: Act<T>,
): Promise<T> {
  const attempt = { purpose, address, code, challengeId, client: ctx.client.prefix, known };
  const limits = wrongCodes(ctx, attempt);
  let challenge: Challenge | undefined;
  const redeem = async (tx: Transaction) => {
    const compared = await ctx.codes.redeem(attempt, limits);
    if (compared.refusal) return compared;
    challenge = compared.challenge;
    const isFirst = challenge && (await markRedeemed(tx, challenge));
    const done = isFirst && challenge ? await act(tx, challenge) : undefined;
    if (!done) await recordFailure(tx, 'OTP_FAILED', address, { purpose });
    return { done };
  };
  const outcome = await transaction(ctx, redeem).catch(async (error) => {
    // The transaction may have committed. Then its mark in PostgreSQL keeps the code from being
    // reused.
    if (challenge) await ctx.codes.restore(attempt, challenge);
    throw error;
  });
  if ('refusal' in outcome) return refuse(ctx, 'OTP_LOCKED', address, outcome.refusal);
  const { done } = outcome;
  if (challenge) await ctx.codes.settle(attempt, challenge, done ? limits : []);
  if (done) return done;
  throw invalidOtp(purpose === 'RESET_PASSWORD' ? 'Invalid or expired OTP' : 'Invalid OTP');
}

/** @returns false when it was redeemed before: Redis has lost what it knew, PostgreSQL has not */
async function markRedeemed(tx: Transaction, challenge: Challenge): Promise<boolean> {
  const mark = tx.em
    .createQueryBuilder(RedeemedChallenge)
    .insert({ id: challenge.id, redeemedAt: tx.clock.now() })
    .onConflict('id')
    .ignore();
  const { affectedRows } = await mark.execute('run');
  return affectedRows === 1;
}
