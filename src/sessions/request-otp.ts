import { findAddress } from '../accounts/find-address.ts';
import { maySignUpByCode } from '../accounts/may-register.ts';
import { mailCode, type OtpChallenge } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import type { RequestOtpInput } from './session-inputs.ts';

/**
 * Mails a sign-in code to an address; the answer does not tell whether it has an account.
 *
 * @throws AuthError RATE_LIMITED when the address has got too many codes
 */
export async function requestOtp(ctx: Context, { email }: RequestOtpInput): Promise<OtpChallenge> {
  const { hasAccount, generation, known } = await findAddress(ctx, email);
  const wanted = hasAccount || maySignUpByCode(ctx.config, email);
  return mailCode(ctx, {
    address: email,
    purpose: 'SIGN_IN',
    generation,
    known,
    detail: 'OTP sent',
    write: async () => (wanted ? undefined : 'NOTHING'),
  });
}
