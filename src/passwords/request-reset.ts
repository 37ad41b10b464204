import { findAddress } from '../accounts/find-address.ts';
import type { Context } from '../context.ts';
import { challengeAnswer, issueCode, mailCode, type OtpChallenge } from '../otp/request.ts';
import { transaction } from '../outbox/transaction.ts';

export interface ForgotPasswordInput {
  readonly email: string;
}

/**
 * Mails a reset code to the owner of an account; the answer does not tell whether there is one.
 *
 * @throws AuthError RATE_LIMITED when the address has got too many codes
 */
export async function forgotPassword(
  ctx: Context,
  { email }: ForgotPasswordInput,
): Promise<OtpChallenge> {
  const { hasAccount, epoch, known } = await findAddress(ctx, email);
  const challenge = {
    address: email,
    purpose: 'RESET_PASSWORD',
    epoch,
  } as const;
  const issued = await issueCode(ctx, challenge, known);
  await transaction(ctx, (tx) => mailCode(tx, issued, hasAccount ? undefined : 'NOTHING'));
  return challengeAnswer(ctx, issued);
}
