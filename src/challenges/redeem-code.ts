import { recordFailure } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidOtp } from '../errors/auth-error.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { Challenge, MailedPurpose } from '../ports/challenge-store.ts';
import { isDuplicate } from '../ports/sql.ts';
import { wrongCodes } from '../rate-limits/address-limits.ts';
import { reject } from '../rate-limits/reject.ts';
import { markFirst, markRedeemed } from './challenge-statements.ts';

/** A code to redeem. */
export interface GivenCode {
  readonly email: string;
  readonly otp: string;
  readonly challengeId?: string | null | undefined;
}

/** Purposes whose operation has to mark the challenge: its statement does so and locks the account. */
const markedByOperation: ReadonlySet<MailedPurpose> = new Set(['SIGN_IN']);

/**
 * Redeems a code and runs the operation that it authorizes, in one transaction. It gets a connection
 * before the attempt is counted, so that nothing is counted without one. If the transaction fails, a
 * right code stays valid and the attempt stays counted. `act` rejects a code by returning undefined.
 */
export async function redeemCode<T extends object>(
  ctx: Context,
  purpose: MailedPurpose,
  { email: address, otp: code, challengeId = null }: GivenCode,
  known: boolean,
  act: (tx: Transaction, challenge: Challenge) => Promise<T | undefined>,
): Promise<T> {
  const attempt = { purpose, address, code, challengeId, client: ctx.client.prefix, known };
  const limits = wrongCodes(ctx, attempt);
  let challenge: Challenge | undefined;
  const redeem = async (tx: Transaction) => {
    const compared = await ctx.codes.redeem(attempt, limits);
    if (compared.exceeded) return compared;
    challenge = compared.challenge;
    if (challenge && !markedByOperation.has(purpose))
      tx.sql.queue(markFirst, [challenge.id, tx.clock.now()]);
    const done = challenge ? await act(tx, challenge) : undefined;
    if (!done) await fail(tx);
    return { done };
  };
  const fail = async (tx: Transaction) => {
    await recordFailure(tx, 'OTP_FAILED', address, { purpose });
    return { done: undefined };
  };
  const outcome = await transaction(ctx, redeem).catch(async (error) => {
    // Only if Redis has lost that it was redeemed.
    if (isSecondUse(error)) return transaction(ctx, fail);
    // If the transaction was committed, its mark in PostgreSQL keeps the code from being reused.
    if (challenge) await ctx.codes.restore(attempt, challenge);
    throw error;
  });
  if ('exceeded' in outcome) return reject(ctx, 'OTP_LOCKED', address, outcome.exceeded);
  const { done } = outcome;
  // Nothing waits for it: a lost refund stays counted.
  if (challenge) void ctx.codes.settle(attempt, challenge, done ? limits : []);
  if (done) return done;
  throw invalidOtp(purpose === 'RESET_PASSWORD' ? 'Invalid or expired OTP' : 'Invalid OTP');
}

/** Whether the challenge was already marked as redeemed. */
const isSecondUse = (error: unknown): boolean =>
  isDuplicate(error) && (error as { table?: unknown }).table === 'redeemed_challenges';

/** Returns false if the challenge was redeemed before, even if Redis has lost it. */
export async function isFirstUse(tx: Transaction, { id }: Challenge): Promise<boolean> {
  const marked = await tx.sql.query(markRedeemed, [id, tx.clock.now()]);
  return marked.length > 0;
}
