import { Account } from '../accounts/account.entity.ts';
import type { Context } from '../context.ts';
import { challengeAnswer, issueCode, mailCode, type OtpChallenge } from '../otp/request.ts';
import { transaction } from '../outbox/transaction.ts';

export interface RequestOtpInput {
  readonly email: string;
}

/** Mails a sign-in code to an address; the answer does not tell whether it has an account. */
export async function requestOtp(ctx: Context, { email }: RequestOtpInput): Promise<OtpChallenge> {
  const known = await ctx.em.count(Account, { email });
  const issued = await issueCode(ctx, {
    address: email,
    purpose: 'SIGN_IN',
    proof: 'mailbox',
    passwordMark: null,
  });
  await transaction(ctx, (tx) => mailCode(tx, issued, known > 0 || ctx.config.otpSignup));
  return challengeAnswer(ctx, issued);
}
