import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { putMail } from '../outbox/put.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Challenge, NewChallenge } from '../ports.ts';

/** A challenge whose code is not mailed yet. */
export interface IssuedCode {
  readonly address: string;
  readonly challenge: Challenge;
  readonly code: string;
}

/** The answer to every request for a code. `expiresIn` in seconds. */
export interface OtpChallenge {
  readonly detail: string;
  readonly expiresIn: number;
  readonly challengeId: string;
}

/** Makes a challenge. Redis holds it before the transaction that mails it commits. */
export async function issueCode(
  ctx: Context,
  request: Omit<NewChallenge, 'client'>,
): Promise<IssuedCode> {
  const issued = await ctx.codes.issue({ ...request, client: ctx.client.prefix });
  return { address: request.address, ...issued };
}

/**
 * Mails the code and records that it was asked for.
 *
 * @param wanted false where nobody is to get the mail: the work is the same, and nothing is sent
 */
export async function mailCode(
  tx: Transaction,
  { address, challenge, code }: IssuedCode,
  wanted = true,
): Promise<void> {
  const { id, expiresAt, createdAt } = challenge;
  const asked = { at: createdAt, ip: tx.client.ip, userAgent: tx.client.userAgent };
  await putMail(
    tx,
    wanted
      ? { about: 'SIGN_IN_CODE', to: address, asked, code, challengeId: id, expiresAt }
      : { about: 'NOTHING', to: address, asked },
  );
  record(tx, 'OTP_REQUESTED', address, { purpose: challenge.purpose });
}

export function challengeAnswer(ctx: Context, issued: IssuedCode): OtpChallenge {
  return {
    detail: 'OTP sent to email',
    expiresIn: ctx.config.otpTtl,
    challengeId: issued.challenge.id,
  };
}
