import { proveMailbox } from '../accounts/prove-mailbox.ts';
import { type User, userOf } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidOtp } from '../errors.ts';
import { markRedeemed } from '../otp/redeem.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports.ts';
import { type AuthPayload, type OpenedSession, openSession, signTokens } from './open-session.ts';

export interface VerifyOtpInput {
  readonly email: string;
  readonly otp: string;
  readonly challengeId?: string | null | undefined;
}

/**
 * The second half of signing in: redeems a sign-in code and opens a session.
 *
 * @throws AuthError INVALID_OTP, alike for a wrong, expired, spent or foreign code
 */
export async function verifyOtp(ctx: Context, input: VerifyOtpInput): Promise<AuthPayload> {
  const { email, otp: code } = input;
  const challengeId = input.challengeId ?? null;
  const attempt = { purpose: 'SIGN_IN', address: email, code, challengeId } as const;
  const challenge = await ctx.codes.redeem(attempt);
  const opened = challenge && (await transaction(ctx, (tx) => enter(tx, input, challenge)));
  if (!opened) {
    await transaction(ctx, async (tx) => record(tx, 'OTP_FAILED', email, { purpose: 'SIGN_IN' }));
    throw invalidOtp();
  }
  return signTokens(ctx, opened, opened.user);
}

async function enter(
  tx: Transaction,
  { email, challengeId }: VerifyOtpInput,
  challenge: Challenge,
): Promise<(OpenedSession & { user: User }) | undefined> {
  if (!(await markRedeemed(tx, challenge))) return undefined;
  // Who holds the challenge's id, or sits where it was asked for, is who gave the password.
  const sameCaller = challengeId != null || challenge.client === tx.client.prefix;
  const account = await proveMailbox(tx, email, sameCaller ? challenge.passwordMark : null);
  if (!account) return undefined;
  const opened = openSession(tx, account);
  record(tx, 'OTP_VERIFIED', email, { purpose: 'SIGN_IN', sessionId: opened.session.id });
  return { ...opened, user: userOf(account) };
}
