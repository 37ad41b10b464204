import { proveMailbox } from '../accounts/prove-mailbox.ts';
import { type User, userOf } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { type GivenCode, redeemCode } from '../otp/redeem.ts';
import { challengeName } from '../otp/request.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports.ts';
import { type OpenedSession, openSession } from './open-session.ts';
import { type AuthPayload, signTokens } from './token-pair.ts';

/**
 * The second half of signing in: redeems a sign-in code and opens a session.
 *
 * @throws AuthError INVALID_OTP, alike for a wrong, expired, spent or foreign code; LOCKED after
 *   too many wrong ones
 */
export async function verifyOtp(ctx: Context, input: GivenCode): Promise<AuthPayload> {
  const entered = await redeemCode(ctx, 'SIGN_IN', input, (tx, challenge) =>
    enter(tx, input, challenge),
  );
  return signTokens(ctx, entered.session, entered.jti, entered.user);
}

async function enter(
  tx: Transaction,
  { email, challengeId }: GivenCode,
  challenge: Challenge,
): Promise<(OpenedSession & { user: User }) | undefined> {
  // Who holds the challenge's id, or sits where it was asked for, is who gave the password.
  const sameCaller = challengeId != null || challenge.client === tx.client.prefix;
  const account = await proveMailbox(tx, email, {
    epoch: challenge.epoch,
    passwordMark: sameCaller ? challenge.passwordMark : null,
  });
  if (!account) return undefined;
  const opened = openSession(tx, account);
  const sessionId = opened.session.id;
  record(tx, 'OTP_VERIFIED', email, { challenge: challengeName(challenge), sessionId });
  return { ...opened, user: userOf(account) };
}
