import { setTimeout as pause } from 'node:timers/promises';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { isOutage } from '#src/errors/outage.ts';
import { type RenderedMail, renderMail } from '#src/mail/render.ts';
import { type ClaimedEntry, claimEntry, claimOverdueEntry, openMail } from '#src/outbox/claim.ts';
import { completeEntry } from '#src/outbox/complete.ts';
import type { MailOrder } from '#src/ports/mail-order.ts';
import type { WorkerContext } from './context.ts';
import { handleMailFailure, UnreadableMail } from './mail-failure.ts';

/**
 * Seconds that a mail may take from when it is taken, whatever its mail server does: then its
 * connection is ended. It is one worker's for longer, so that no other sends it meanwhile.
 */
const LONGEST_SEND = 45;
const LEASE = LONGEST_SEND + 15;

/**
 * Sends the mail of an outbox entry: take, commit, send, mark. It is sent twice, with the same
 * Message-ID, where a worker dies, is frozen for longer than its lease, or loses a connection
 * between the sending and the mark; nothing else does that.
 */
export async function deliverMail(worker: WorkerContext, entryId: string): Promise<void> {
  const entry = await claimEntry(worker.orm.em.fork(), entryId, 'mail', LEASE);
  if (entry) await deliverEntry(worker, entry);
}

/** The mail that waits longest, although it was due `age` seconds ago. */
export function claimOverdueMail(
  worker: WorkerContext,
  age: number,
): Promise<ClaimedEntry | undefined> {
  return claimOverdueEntry(worker.orm.em.fork(), 'mail', LEASE, age);
}

/** Sends the mail of an entry that was taken. */
export async function deliverEntry(worker: WorkerContext, entry: ClaimedEntry): Promise<void> {
  const em = worker.orm.em.fork();
  let outcome: 'DELIVERED' | 'DROPPED';
  try {
    outcome = await send(worker, entry);
  } catch (error) {
    await handleMailFailure(worker, em, entry, error);
    return;
  }
  await mark(worker, em, entry, outcome);
}

async function send(worker: WorkerContext, entry: ClaimedEntry) {
  const seconds = Math.min(LONGEST_SEND, entry.left ?? LONGEST_SEND);
  const signal = AbortSignal.timeout(Math.max(0, Math.round(seconds * 1000)));
  const { order, rendered } = await read(worker, entry).catch((cause) => {
    throw new UnreadableMail('a mail cannot be read', { cause });
  });
  if (!rendered || !(await isWanted(worker, order))) return 'DROPPED';
  const domain = worker.config.mailFrom.address.split('@')[1];
  const messageId = `<${entry.id}@${domain}>`;
  const to = { name: '', address: order.to };
  await worker.mailer.send({ ...rendered, messageId, to }, signal);
  return 'DELIVERED';
}

async function read(
  { sealer }: WorkerContext,
  { id, payload }: ClaimedEntry,
): Promise<{ order: MailOrder; rendered: RenderedMail | undefined }> {
  const order = await openMail(sealer, id, payload);
  return { order, rendered: await renderMail(order) };
}

/** Nobody wants a code that has been spent. */
async function isWanted({ codes }: WorkerContext, order: MailOrder): Promise<boolean> {
  return !('code' in order) || codes.isLive(order.to, order.challengeId);
}

/** What was sent must not be sent again because PostgreSQL is away just then. */
async function mark(
  { config }: WorkerContext,
  em: SqlEntityManager,
  entry: ClaimedEntry,
  outcome: 'DELIVERED' | 'DROPPED',
): Promise<void> {
  for (;;) {
    try {
      // The inbox of development shows what was sent.
      return await completeEntry(em, entry, outcome, {
        keep: config.environment === 'development',
      });
    } catch (error) {
      if (!isOutage(error)) throw error;
      await pause(200);
    }
  }
}
