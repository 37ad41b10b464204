import { findAddress } from '../accounts/find-address.ts';
import { sendCode } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import type { ForgotPasswordInput } from './password-inputs.ts';

/** Mails a reset code. The response does not reveal whether the address has an account. */
export async function forgotPassword(ctx: Context, { email }: ForgotPasswordInput) {
  const found = await findAddress(ctx, email);
  const write = async () => (found.hasAccount ? undefined : 'NOTHING');
  return sendCode(ctx, { ...found, purpose: 'RESET_PASSWORD', write });
}
