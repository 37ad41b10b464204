import { setTimeout as pause } from 'node:timers/promises';
import { isOutage } from '#src/errors/outage.ts';
import { renderMail } from '#src/mail/render.ts';
import { type ClaimedEntry, claimEntry, claimOverdueMail, openMail } from '#src/outbox/claim.ts';
import { completeEntry } from '#src/outbox/complete.ts';
import type { Outcome } from '#src/outbox/outbox-entry.entity.ts';
import type { WorkerContext } from './context.ts';
import { handleMailFailure, UnreadableMail } from './mail-failure.ts';

/** Seconds that sending one mail may take. After that, its connection is closed. */
const LONGEST_SEND = 45;
/**
 * Lease of a claimed entry, in seconds. Longer than the sending time, so that no other worker sends
 * the mail.
 */
const LEASE = LONGEST_SEND + 15;

/**
 * Sends the mail of an outbox entry: claims it, commits, sends, completes it. The mail is sent
 * twice, with the same Message-ID, only if a worker dies, stops for longer than its lease, or loses
 * its connection between sending and completing.
 */
export async function deliverMail(worker: WorkerContext, entryId: string): Promise<void> {
  const entry = await claimEntry(worker.orm.em.fork(), entryId, 'mail', LEASE);
  if (entry) await deliverEntry(worker, entry);
}

/** Claims the oldest mail that is overdue by `age` seconds. */
export const claimOverdue = ({ orm }: WorkerContext, age: number) =>
  claimOverdueMail(orm.em.fork(), LEASE, age);

/** Sends the mail of a claimed entry. */
export async function deliverEntry(worker: WorkerContext, entry: ClaimedEntry): Promise<void> {
  let outcome: Outcome;
  try {
    outcome = await send(worker, entry);
  } catch (error) {
    return handleMailFailure(worker, entry, error);
  }
  await complete(worker, entry, outcome);
}

async function send(worker: WorkerContext, entry: ClaimedEntry) {
  const seconds = Math.min(LONGEST_SEND, entry.left ?? LONGEST_SEND);
  const signal = AbortSignal.timeout(Math.max(0, Math.round(seconds * 1000)));
  const { order, rendered } = await read(worker, entry).catch((cause) => {
    throw new UnreadableMail('Cannot decrypt or render the mail.', { cause });
  });
  const isWanted = !('code' in order) || (await worker.codes.isLive(order.to, order.challengeId));
  if (!rendered || !isWanted) return 'DROPPED';
  const domain = worker.config.mailFrom.address.split('@')[1];
  const to = { name: '', address: order.to };
  await worker.mailer.send({ ...rendered, messageId: `<${entry.id}@${domain}>`, to }, signal);
  return 'DELIVERED';
}

async function read({ sealer }: WorkerContext, { id, payload }: ClaimedEntry) {
  const order = openMail(sealer, id, payload);
  return { order, rendered: await renderMail(order) };
}

/** Completes an entry. Waits for PostgreSQL if necessary, so that the mail is not sent again. */
async function complete({ orm, config }: WorkerContext, entry: ClaimedEntry, outcome: Outcome) {
  // The development inbox shows sent mails.
  const keep = config.environment === 'development';
  for (;;) {
    try {
      return await completeEntry(orm.em.fork(), entry, outcome, { keep });
    } catch (error) {
      if (!isOutage(error)) throw error;
      await pause(200);
    }
  }
}
