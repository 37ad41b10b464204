import { findAddressToHash } from '../accounts/find-address.ts';
import { lockAccount, saveAccount } from '../accounts/lock-account.ts';
import { markVerified } from '../accounts/verify-email.ts';
import { record } from '../audit/record.ts';
import { redeemCode } from '../challenges/redeem-code.ts';
import { challengeName } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import { enqueueMail } from '../outbox/transaction.ts';
import { endEverySession } from '../sessions/end-sessions.ts';
import { forgetLaterClients } from '../sessions/forget-clients.ts';
import type { ResetPasswordInput } from './password-inputs.ts';

/**
 * Sets a new password for the holder of a reset code. Verifies the address, ends all sessions and
 * active codes of the account, and issues no tokens (ASVS 5.0 6.4.3, 7.4.3).
 */
export async function resetPassword(ctx: Context, { password, ...given }: ResetPasswordInput) {
  const { email } = given;
  const { known, place } = await findAddressToHash(ctx, email);
  using _place = place;
  // Waits for the turn before the transaction, which would hold a connection meanwhile. Only a
  // right code is followed by a hash.
  const hash = await place.start();
  return redeemCode(ctx, 'RESET_PASSWORD', given, known, async (tx, challenge) => {
    const passwordHash = await hash(password);
    const account = await lockAccount(tx, email);
    if (account?.challengeGeneration !== challenge.generation) return undefined;
    const verified = markVerified(account, tx.clock.now()) && { verified: true };
    account.passwordHash = passwordHash;
    await saveAccount(tx, account);
    await endEverySession(tx, account);
    await forgetLaterClients(tx, account.id);
    await enqueueMail(tx, account, { about: 'PASSWORD_RESET' });
    record(tx, 'PASSWORD_RESET', account, { challenge: challengeName(challenge), ...verified });
    return { detail: 'Password reset successful' };
  });
}
