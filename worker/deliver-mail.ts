import { isRefusedMailbox } from '#src/adapters/smtp.ts';
import { claimOverdueMails, openMail } from '#src/outbox/claim.ts';
import { completeEntries } from '#src/outbox/complete.ts';
import type { Outcome } from '#src/outbox/outbox-entry.entity.ts';
import { type ClaimedEntry, completeClaims } from '#src/outbox/outbox-statements.ts';
import { type Span, sqlSpan } from '#src/ports/tracing.ts';
import { LEASE, LONGEST_SEND, type WorkerContext } from './context.ts';
import { fieldsOf, processSpan } from './entry-origin.ts';
import { keepLease } from './keep-lease.ts';
import { retryUntilAvailable } from './loops.ts';
import { handleMailFailure, SuppressedMail, UnreadableMail } from './mail-failure.ts';

/** Refusals after which a recipient is not mailed for a day. */
const MOST_REFUSALS = 2;

/**
 * Sends the mail of an outbox entry: claims it, commits, sends, completes it. The mail is sent
 * twice, with the same Message-ID, only if a worker dies, stops for longer than its lease, or loses
 * its connection between sending and completing.
 */
export async function deliverMail(worker: WorkerContext, entryId: string): Promise<void> {
  const entry = await worker.claimMail(entryId);
  if (entry) await deliverEntry(worker, entry);
}

/** Claims the oldest mails that are overdue by `age` seconds. */
export const claimOverdue = ({ sql }: WorkerContext, age: number, limit: number) =>
  claimOverdueMails(sql, LEASE, age, limit);

/** Sends the mail of a claimed entry, in the trace of the request that enqueued it. */
export async function deliverEntry(worker: WorkerContext, entry: ClaimedEntry): Promise<void> {
  if (!worker.tracing) return deliver(worker, entry);
  await worker.tracing.run(processSpan('mail', entry), (span) => deliver(worker, entry, span));
}

async function deliver(worker: WorkerContext, entry: ClaimedEntry, span?: Span): Promise<void> {
  let outcome: Outcome;
  try {
    outcome = await keepLease(worker, entry, () => send(worker, entry));
  } catch (error) {
    span?.fail(error);
    return handleMailFailure(worker, entry, error);
  }
  await complete(worker, entry, outcome);
  worker.metrics.add('mails', [outcome]);
  worker.log.info({ ...fieldsOf(entry), outcome }, 'mail');
}

async function send(worker: WorkerContext, entry: ClaimedEntry) {
  const seconds = Math.min(LONGEST_SEND, entry.left ?? LONGEST_SEND);
  const signal = AbortSignal.timeout(Math.max(0, Math.round(seconds * 1000)));
  const { order, rendered } = await read(worker, entry).catch((cause) => {
    throw new UnreadableMail('Cannot decrypt or render the mail.', { cause });
  });
  const { codes, config, mailer, refusedRecipients } = worker;
  const [isWanted, refusals] = await Promise.all([
    !('code' in order) || codes.isLive(order.to, order.challengeId),
    refusedRecipients.count(order.to),
  ]);
  if (!rendered || !isWanted) return 'DROPPED';
  // A retry is sent, so that an operator can correct a mistake of the mail server.
  if (refusals >= MOST_REFUSALS && entry.attempts === 1) throw new SuppressedMail();
  const domain = config.mailFrom.address.split('@')[1];
  const to = { name: '', address: order.to };
  const mail = { ...rendered, messageId: `<${entry.id}@${domain}>`, to };
  await mailer.send(mail, signal).catch(async (error) => {
    if (isRefusedMailbox(error)) await refusedRecipients.add(order.to);
    throw error;
  });
  if (refusals > 0) await refusedRecipients.clear(order.to);
  return 'DELIVERED';
}

async function read({ sealer, renderMail }: WorkerContext, entry: ClaimedEntry) {
  const order = openMail(sealer, entry.id, entry.payload);
  return { order, rendered: renderMail(order) };
}

/** Completes an entry, so that the mail is not sent again. */
async function complete(worker: WorkerContext, claim: ClaimedEntry, outcome: Outcome) {
  // The development inbox shows sent mails.
  const completion = { claim, outcome, keep: worker.config.environment === 'development' };
  const { tracing } = worker;
  const completeOne = () =>
    // One locked entry must not keep the others of its batch from being completed.
    worker
      .completeMail(completion)
      .catch(() => retryUntilAvailable(() => completeEntries(worker.sql, [completion])));
  const { name, text } = completeClaims;
  await (tracing ? tracing.run(sqlSpan(name, text), completeOne) : completeOne());
}
