import { record } from '../audit/record.ts';
import { refuse } from '../audit/refuse.ts';
import type { Context } from '../context.ts';
import { invalidOtp } from '../errors.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { Challenge, ChallengePurpose } from '../ports.ts';
import { wrongCodes } from './budgets.ts';
import { RedeemedChallenge } from './redeemed-challenge.entity.ts';

/** A code that somebody wants to redeem. */
export interface GivenCode {
  readonly email: string;
  readonly otp: string;
  readonly challengeId?: string | null | undefined;
}

/** Does what a code is for; undefined refuses it after all. */
type Act<T> = (tx: Transaction) => Promise<T | undefined>;

/**
 * Redeems a code: what it is for happens in one transaction with the mark that it is spent.
 *
 * @param known whether the client is known to the address
 * @param prepare what has to be done for a right code before that transaction
 * @returns what the code is for came to
 * @throws AuthError INVALID_OTP, alike for a wrong, expired, spent or foreign code; LOCKED after
 *   too many wrong ones
 */
export async function redeemCode<T extends object>(
  ctx: Context,
  purpose: ChallengePurpose,
  { email: address, otp: code, challengeId = null }: GivenCode,
  known: boolean,
  prepare: (challenge: Challenge) => Act<T> | Promise<Act<T>>,
): Promise<T> {
  const client = ctx.client.prefix;
  const attempt = { purpose, address, code, challengeId, client, known };
  const outcome = await ctx.codes.redeem(attempt, wrongCodes(ctx, attempt));
  if (outcome.refusal) return refuse(ctx, 'OTP_LOCKED', address, outcome.refusal);
  const { challenge } = outcome;
  const spend = async (right: Challenge) => {
    const act = await prepare(right);
    return transaction(ctx, async (tx) => ((await markRedeemed(tx, right)) ? act(tx) : undefined));
  };
  const done =
    challenge &&
    (await spend(challenge).catch(async (error) => {
      // Whether it was done after all, PostgreSQL knows: the mark lets no code work twice.
      await ctx.codes.restore(attempt, challenge).catch(() => undefined);
      throw error;
    }));
  if (done) return done;
  await transaction(ctx, async (tx) => record(tx, 'OTP_FAILED', address, { purpose }));
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
