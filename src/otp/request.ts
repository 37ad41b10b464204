import { record } from '../audit/record.ts';
import { refuse } from '../audit/refuse.ts';
import type { Challenge, ChallengePurpose, NewChallenge } from '../code-ports.ts';
import type { Context } from '../context.ts';
import { putMail } from '../outbox/put.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Notice } from '../ports.ts';
import { mailboxMails, mailedCodes } from './budgets.ts';
import { mailboxOf } from './mailbox.ts';

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

/** What each purpose is called in mails and in the audit log. */
const purposes = {
  SIGN_IN: { about: 'SIGN_IN_CODE', event: 'OTP_REQUESTED' },
  RESET_PASSWORD: { about: 'RESET_CODE', event: 'PASSWORD_RESET_REQUESTED' },
} as const satisfies Record<ChallengePurpose, object>;

/** Address, purpose and challenge generation, and what else the operation remembers. */
type CodeRequest = Pick<NewChallenge, 'address' | 'purpose' | 'epoch'> &
  Partial<Omit<NewChallenge, 'client' | 'known'>>;

const none = { passwordMark: null, registration: null, decoy: false };

/**
 * Makes a challenge. Redis holds it before the transaction that mails it commits.
 *
 * @throws AuthError RATE_LIMITED when the address has got too many codes
 */
export async function issueCode(
  ctx: Context,
  request: CodeRequest,
  known: boolean,
): Promise<IssuedCode> {
  const { address, purpose } = request;
  const challenge = { ...none, ...request, known, client: ctx.client.prefix };
  const { mailbox } = ctx.budgets;
  const mails = known ? [] : mailboxMails(ctx);
  const refusal = await mailbox.take(mailboxOf(address), mails, challenge.client);
  if (refusal) return refuse(ctx, 'RATE_LIMITED', address, refusal);
  const issued = await ctx.codes.issue(challenge, mailedCodes(ctx, purpose, known));
  if (issued.refusal) {
    // After a password was compared nothing is given back.
    if (challenge.passwordMark === null) await mailbox.giveBack(mailboxOf(address), mails);
    return refuse(ctx, 'RATE_LIMITED', address, issued.refusal);
  }
  return { address, ...issued };
}

/**
 * Mails the code and records that it was asked for.
 *
 * @param instead what goes out in its place: a notice, or nothing with the same work
 */
export async function mailCode(
  tx: Transaction,
  { address, challenge, code }: IssuedCode,
  instead?: Notice | 'NOTHING',
): Promise<void> {
  const { id: challengeId, expiresAt, purpose } = challenge;
  const { about, event } = purposes[purpose];
  const content = instead ? { about: instead } : { about, code, challengeId, expiresAt };
  await putMail(tx, address, content);
  record(tx, event, address, { challenge: challengeName(challenge) });
}

/** Joins what is recorded of a challenge, and is not the id that a caller must hold. */
export const challengeName = ({ id }: Challenge): string => id.slice(0, 8);

/** What the client is told, whether a mail goes out or not. `detail` is a text for people. */
export function challengeAnswer(
  ctx: Context,
  issued: IssuedCode,
  detail = 'OTP sent to email',
): OtpChallenge {
  return {
    detail,
    expiresIn: ctx.config.otpTtl,
    challengeId: issued.challenge.id,
  };
}
