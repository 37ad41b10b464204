import { findAddress } from '../accounts/find-address.ts';
import { userOf } from '../accounts/user.ts';
import { verifyEmail } from '../accounts/verify-email.ts';
import { record } from '../audit/record.ts';
import { redeemCode } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports/challenge-store.ts';
import { currentKeyAt } from '../signing-keys/current-key.ts';
import { openSession } from './open-session.ts';
import type { VerifyOtpInput } from './session-inputs.ts';
import { type AuthPayload, signTokens, type TokenSource } from './token-pair.ts';

/**
 * The second half of signing in: redeems a sign-in code and opens a session.
 *
 * @throws AuthError INVALID_OTP, alike for a wrong, expired, spent or foreign code; LOCKED after
 *   too many wrong ones
 */
export async function verifyOtp(ctx: Context, input: VerifyOtpInput): Promise<AuthPayload> {
  const { known } = await findAddress(ctx, input.email);
  const entered = await redeemCode(ctx, 'SIGN_IN', input, known, (tx, challenge) =>
    enter(tx, input, challenge),
  );
  return signTokens(ctx, entered);
}

async function enter(
  tx: Transaction,
  { email, challengeId }: VerifyOtpInput,
  challenge: Challenge,
): Promise<TokenSource | undefined> {
  // Before the account is locked, so that nobody waits for it.
  const signingKey = await currentKeyAt(tx.em, tx.clock.now());
  const named = challengeId != null;
  // The holder of the id, and the client that requested the code, know the password of that login.
  const sameCaller = named || challenge.client === tx.client.prefix;
  const account = await verifyEmail(tx, email, {
    generation: challenge.generation,
    passwordFingerprint: sameCaller ? challenge.passwordFingerprint : null,
    // Others may register from the same network: only the id tells whose code it is.
    registration: named ? challenge.registration : null,
  });
  if (!account) return undefined;
  // `register` sets a password without comparing one, so its code alone counts for `amr`.
  const givenPassword = sameCaller && challenge.passwordFingerprint !== null;
  const opened = await openSession(tx, account, givenPassword ? ['pwd', 'otp'] : ['otp']);
  const sessionId = opened.session.id;
  record(tx, 'OTP_VERIFIED', email, { challenge: challengeName(challenge), sessionId });
  return { ...opened, user: userOf(account), signingKey };
}
