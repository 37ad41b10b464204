import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { enqueueMail } from '../outbox/enqueue.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type {
  Challenge,
  ChallengePurpose,
  CreatedCode,
  NewChallenge,
} from '../ports/challenge-store.ts';
import type { Notice } from '../ports/mail-order.ts';
import type { RateLimitExceeded } from '../ports/rate-limits.ts';
import { mailboxMails, mailedCodes } from '../rate-limits/code-limits.ts';
import { mailboxOf } from '../rate-limits/mailbox.ts';
import { type RecordOnce, refuse } from '../rate-limits/reject.ts';

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

const defaults = { passwordFingerprint: null, registration: null, decoy: false };

/** A request for a code. */
interface CodeRequest
  extends Omit<NewChallenge, 'client' | keyof typeof defaults>,
    Partial<Pick<NewChallenge, keyof typeof defaults>> {
  /** Text of the answer. */
  readonly detail?: string;
  /**
   * Writes the changes that belong to the request.
   *
   * @returns what is mailed instead of the code: a notice, or nothing with the same work
   */
  readonly write: (tx: Transaction) => Promise<Notice | 'NOTHING' | undefined>;
  /** Records further events with the refusal, once under the same key. */
  readonly recordRefused?: RecordOnce;
}

/** Rolls back the transaction of a request past a limit. */
class LimitExceeded extends Error {
  readonly refusal: RateLimitExceeded;

  constructor(refusal: RateLimitExceeded) {
    super(refusal.name);
    this.refusal = refusal;
  }
}

/**
 * Mails a code in one transaction with what the request writes. Redis comes last: it consumes the
 * limits and stores the challenge after PostgreSQL has accepted every row. An outage of PostgreSQL
 * therefore consumes nothing, and the code that the owner already holds stays the newest.
 *
 * @returns the same answer whether a code goes out or not
 * @throws AuthError RATE_LIMITED if the address has received too many codes
 */
export async function mailCode(ctx: Context, request: CodeRequest): Promise<OtpChallenge> {
  const { detail = 'OTP sent to email', write, recordRefused, ...asked } = request;
  const { address, purpose } = asked;
  const created = ctx.codes.create({ ...defaults, ...asked, client: ctx.client.prefix });
  const { challenge, code } = created;
  const { id: challengeId, expiresAt } = challenge;
  const { about, event } = purposes[purpose];
  const store = async (tx: Transaction) => {
    const instead = await write(tx);
    const content = instead ? { about: instead } : { about, code, challengeId, expiresAt };
    await enqueueMail(tx, address, content);
    record(tx, event, address, { challenge: challengeName(challenge) });
    await tx.em.flush();
    const exceeded = await issue(ctx, created);
    if (exceeded) throw new LimitExceeded(exceeded);
  };
  const refusal =
    (await checkLimits(ctx, created)) ??
    (await transaction(ctx, store).catch((error) => {
      if (error instanceof LimitExceeded) return error.refusal;
      throw error;
    }));
  if (refusal) return refuse(ctx, 'RATE_LIMITED', address, refusal, recordRefused);
  return { detail, expiresIn: ctx.config.otpTtl, challengeId };
}

/** Finds a limit that is used up already: such a refusal costs PostgreSQL no write. */
async function checkLimits(
  ctx: Context,
  { request: { address, purpose, known, client } }: CreatedCode,
): Promise<RateLimitExceeded | undefined> {
  const mails = known ? [] : mailboxMails(ctx);
  const refusals = await Promise.all([
    ctx.rateLimits.mailbox.check(mailboxOf(address), mails, client),
    ctx.rateLimits.check(address, mailedCodes(ctx, purpose, known), client),
  ]);
  return refusals.find((refusal) => refusal !== undefined);
}

/** Consumes the limits of the mailbox and of the address, or none of them. */
async function issue(ctx: Context, created: CreatedCode): Promise<RateLimitExceeded | undefined> {
  const { address, purpose, known, client } = created.request;
  const { mailbox } = ctx.rateLimits;
  const mails = known ? [] : mailboxMails(ctx);
  const refusal = await mailbox.consume(mailboxOf(address), mails, client);
  if (refusal) return refusal;
  const refund = () => mailbox.refund(mailboxOf(address), mails);
  const exceeded = await ctx.codes
    .issue(created, mailedCodes(ctx, purpose, known))
    .catch(async (error) => {
      await refund();
      throw error;
    });
  if (exceeded) await refund();
  return exceeded;
}

/** Joins what is recorded of a challenge, and is not the id that a caller must hold. */
export const challengeName = ({ id }: Challenge): string => id.slice(0, 8);
