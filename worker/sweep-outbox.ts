import { setTimeout as pause } from 'node:timers/promises';
import type { WorkerContext } from './context.ts';
import { claimOverdue, deliverEntry } from './deliver-mail.ts';
import { INTERVAL, logErrors } from './loops.ts';
import { giveUpExpiredMails } from './mail-failure.ts';
import { writeOverdueAudit } from './write-audit.ts';

/** Seconds until an entry that no job has announced is overdue. */
const OVERDUE = { audit: 0.3, mail: 1 };
/** Mails that one sweep sends concurrently. */
const MAX_MAILS = 5;
/** Milliseconds between the end of a mail and the next claim. */
const GATHER = 10;

/**
 * Handles overdue outbox entries until none is left and no mail is being sent. Every worker does so
 * every second, without a lease, so an audit event is at most 2 s late. Claims prevent concurrent
 * sweeps from handling an entry twice.
 */
export async function sweepOutbox(worker: WorkerContext, stopping: AbortSignal): Promise<void> {
  const mails = sweepMails(worker, stopping);
  // Audit events do not wait for slow mails.
  for (let isSending = true; isSending; ) {
    await logErrors(worker.log, () => writeOverdueAudit(worker, OVERDUE.audit));
    await logErrors(worker.log, () => giveUpExpiredMails(worker));
    isSending = await Promise.race([mails.then(() => false), pause(INTERVAL, true)]);
  }
}

/** Starts other mails soon after one has ended, however long the others take. */
async function sweepMails(worker: WorkerContext, stopping: AbortSignal): Promise<void> {
  const sending = new Set<Promise<unknown>>();
  const claim = (limit: number) =>
    logErrors(worker.log, () => claimOverdue(worker, OVERDUE.mail, limit));
  for (;;) {
    const room = stopping.aborted ? 0 : MAX_MAILS - sending.size;
    const entries = (room > 0 && (await claim(room))) || [];
    for (const entry of entries) {
      const delivery = logErrors(worker.log, () => deliverEntry(worker, entry));
      sending.add(delivery);
      void delivery.then(() => sending.delete(delivery));
    }
    if (sending.size === 0) return;
    await Promise.race([...sending, pause(INTERVAL)]);
    // Mails that end meanwhile share a statement.
    await pause(GATHER);
  }
}
