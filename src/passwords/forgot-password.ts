import { findAddress } from '../accounts/find-address.ts';
import { mailCode, type OtpChallenge } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import type { ForgotPasswordInput } from './password-inputs.ts';

/**
 * Mails a reset code to the owner of an account; the answer does not tell whether there is one.
 *
 * @throws AuthError RATE_LIMITED when the address has got too many codes
 */
export async function forgotPassword(
  ctx: Context,
  { email }: ForgotPasswordInput,
): Promise<OtpChallenge> {
  const { hasAccount, generation, known } = await findAddress(ctx, email);
  return mailCode(ctx, {
    address: email,
    purpose: 'RESET_PASSWORD',
    generation,
    known,
    write: async () => (hasAccount ? undefined : 'NOTHING'),
  });
}
