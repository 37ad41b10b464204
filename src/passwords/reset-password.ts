import { findAddressToHash } from '../accounts/find-address.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { dropUnverified } from '../accounts/verify-email.ts';
import { record } from '../audit/record.ts';
import { redeemCode } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import { enqueueMail } from '../outbox/enqueue.ts';
import { endEverySession } from '../sessions/end-sessions.ts';
import type { ResetPasswordInput } from './password-inputs.ts';

/**
 * Sets a new password for who has the reset code. It proves the mailbox, ends all sessions and all
 * live codes of the account, and gives no tokens (ASVS 5.0 6.4.3, 7.4.3).
 *
 * @throws AuthError INVALID_OTP, LOCKED
 */
export async function resetPassword(
  ctx: Context,
  input: ResetPasswordInput,
): Promise<{ detail: string }> {
  // Reserves a place in the hash queue first. Hashes the password only after a right code.
  const { known, place } = await findAddressToHash(ctx, input.email);
  using _place = place;
  return redeemCode(ctx, 'RESET_PASSWORD', input, known, async (tx, challenge) => {
    const passwordHash = await ctx.passwords.hash(input.password);
    const account = await lockAccount(tx, input.email);
    if (account?.challengeGeneration !== challenge.generation) return undefined;
    if (!account.emailVerifiedAt) dropUnverified(account);
    account.emailVerifiedAt ??= tx.clock.now();
    account.passwordHash = passwordHash;
    await endEverySession(tx, account);
    await enqueueMail(tx, input.email, { about: 'PASSWORD_RESET' });
    record(tx, 'PASSWORD_RESET', input.email, { challenge: challengeName(challenge) });
    return { detail: 'Password reset successful' };
  });
}
