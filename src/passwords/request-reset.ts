import { findAddress } from '../accounts/find-address.ts';
import type { Context } from '../context.ts';
import { mailCode, type OtpChallenge } from '../otp/request.ts';

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
  return mailCode(ctx, {
    address: email,
    purpose: 'RESET_PASSWORD',
    epoch,
    known,
    write: async () => (hasAccount ? undefined : 'NOTHING'),
  });
}
