import { Account } from '../accounts/account.entity.ts';
import type { Context } from '../context.ts';
import { challengeAnswer, issueCode, mailCode, type OtpChallenge } from '../otp/request.ts';
import { transaction } from '../outbox/transaction.ts';
import { isKnownClient } from '../sessions/known-client.ts';

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
  const account = await ctx.em.findOne(Account, { email });
  const challenge = {
    address: email,
    purpose: 'RESET_PASSWORD',
    passwordMark: null,
    epoch: account?.challengeEpoch ?? 0,
  } as const;
  const issued = await issueCode(ctx, challenge, await isKnownClient(ctx, email));
  await transaction(ctx, (tx) => mailCode(tx, issued, account !== null));
  return challengeAnswer(ctx, issued);
}
