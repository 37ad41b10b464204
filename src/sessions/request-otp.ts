import { findAddress } from '../accounts/find-address.ts';
import { maySignUpByCode } from '../accounts/registration.ts';
import { type OtpChallenge, sendCode } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import type { RequestOtpInput } from './session-inputs.ts';

/** Mails a sign-in code. The response does not reveal whether the address has an account. */
export async function requestOtp(ctx: Context, { email }: RequestOtpInput): Promise<OtpChallenge> {
  const found = await findAddress(ctx, email);
  const { hasAccount, isReserved } = found;
  const mayEnter = hasAccount || (!isReserved && maySignUpByCode(ctx.config, email));
  const write = async () => (mayEnter ? undefined : 'NOTHING');
  return sendCode(ctx, { ...found, purpose: 'SIGN_IN', detail: 'OTP sent', write });
}
