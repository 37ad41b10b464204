import type { AuditEventName } from '../audit/event-types.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { enqueueMail, type Transaction, transaction, writeEntries } from '../outbox/transaction.ts';
import type {
  Challenge,
  CreatedCode,
  MailedPurpose,
  NewChallenge,
} from '../ports/challenge-store.ts';
import type { Notice } from '../ports/mail-order.ts';
import { mailLimits } from '../rate-limits/address-limits.ts';
import { reject } from '../rate-limits/reject.ts';

/** The response to every request for a code. `expiresIn` in seconds. */
export interface OtpChallenge {
  readonly detail: string;
  readonly expiresIn: number;
  readonly challengeId: string;
}

/** Name of each purpose in mails and in the audit log. */
const purposes = {
  SIGN_IN: { about: 'SIGN_IN_CODE', event: 'OTP_REQUESTED', metadata: {} },
  RESET_PASSWORD: { about: 'RESET_CODE', event: 'PASSWORD_RESET_REQUESTED', metadata: {} },
  CONFIRM: { about: 'CONFIRM_CODE', event: 'OTP_REQUESTED', metadata: { purpose: 'CONFIRM' } },
  CHANGE_EMAIL: {
    about: 'EMAIL_CHANGE_CODE',
    event: 'OTP_REQUESTED',
    metadata: { purpose: 'CHANGE_EMAIL' },
  },
} as const satisfies Record<MailedPurpose, object>;

const defaults = { passwordFingerprint: null, registration: null, sessionId: null, decoy: false };

/** A request for a code, by the address as `findAddress` returns it. */
interface CodeRequest
  extends Pick<NewChallenge, 'generation' | 'known'>,
    Partial<Pick<NewChallenge, keyof typeof defaults>> {
  readonly purpose: MailedPurpose;
  readonly email: string;
  /** Language of the account, if there is one. */
  readonly locale: string | null;
  /** Text of the response. */
  readonly detail?: string;
  /** Event of the success that leads to the code. Recorded even if the code cannot be mailed. */
  readonly event?: AuditEventName;
  /** Writes the rows of the request. Returns the mail to send instead of the code, if any. */
  readonly write?: (tx: Transaction) => Promise<Notice | 'NOTHING' | undefined>;
}

/**
 * Mails a code in one transaction with what the request writes. Redis comes last, so that an outage
 * of PostgreSQL consumes no limit and the owner's last code stays the newest. Responds the same
 * whether a code is mailed or not.
 */
export async function sendCode(ctx: Context, request: CodeRequest): Promise<OtpChallenge> {
  const { email, detail = 'OTP sent to email', event } = request;
  const created = createCode(ctx, request);
  const limits = mailLimits(ctx, created.request);
  // Otherwise each request past a limit would write to PostgreSQL and roll back.
  let exceeded = await ctx.codes.check(created, limits);
  const store = async (tx: Transaction) => {
    if (event) record(tx, event, email);
    const instead = await request.write?.(tx);
    await enqueueCode(tx, created, request, instead);
    await writeEntries(tx);
    exceeded = await ctx.codes.issue(created, limits);
    if (exceeded) throw new Error('A rate limit is exceeded: rolling back the transaction.');
  };
  if (!exceeded) {
    await transaction(ctx, store).catch((error) => {
      if (!exceeded) throw error;
    });
  }
  if (exceeded) return reject(ctx, 'RATE_LIMITED', email, exceeded, event);
  return { detail, expiresIn: ctx.config.otpTtl, challengeId: created.challenge.id };
}

/** Lists every field explicitly, because the caller's object contains other account data too. */
function createCode(ctx: Context, request: CodeRequest): CreatedCode {
  const { purpose, email: address, generation, known } = request;
  const { passwordFingerprint, registration, sessionId, decoy } = { ...defaults, ...request };
  const client = ctx.client.prefix;
  const origin = { client, passwordFingerprint, registration, generation, sessionId };
  return ctx.codes.create({ purpose, address, known, decoy, ...origin });
}

async function enqueueCode(
  tx: Transaction,
  { request: { address }, challenge, code }: CreatedCode,
  { purpose, locale }: CodeRequest,
  instead: Notice | 'NOTHING' | undefined,
): Promise<void> {
  const { about, event, metadata } = purposes[purpose];
  const { id: challengeId, expiresAt } = challenge;
  const content = instead ? { about: instead } : { about, code, challengeId, expiresAt };
  await enqueueMail(tx, { email: address, locale }, content);
  record(tx, event, address, { challenge: challengeName(challenge), ...metadata });
}

/** Returns the name of a challenge in the audit log: 12 of its 40 digits, unique in practice. */
export const challengeName = ({ id }: Challenge): string => id.slice(0, 14);
