import { setTimeout as pause } from 'node:timers/promises';
import type { WorkerContext } from './context.ts';
import { claimOverdueMail, deliverEntry } from './deliver-mail.ts';
import { logErrors } from './log-errors.ts';
import { giveUpExpiredMails } from './mail-failure.ts';
import { writeOverdueAudit } from './write-audit.ts';

/** Seconds that a job has to arrive before the sweep does its work. */
const PATIENCE = { audit: 0.3, mail: 1 };
/** Milliseconds between two looks at what waits. */
const INTERVAL = 1000;
/** Mails of the sweep under way at once. */
const MOST_MAILS = 5;

/**
 * Does what waits in the outbox although nobody announced it, or whose announcement was lost; and
 * what is to be tried again. Ends when nothing waits and no mail is under way.
 *
 * Every worker does it every second, under no lease: an audit event may wait 2 s, and the lease of
 * a worker that died would have to be over sooner. Each entry is taken for itself, so that sweeps at
 * the same time do it once.
 *
 * @param stopping after which no mail is begun
 */
export async function sweepOutbox(worker: WorkerContext, stopping: AbortSignal): Promise<void> {
  const { log } = worker;
  const mails = sweepMails(worker, stopping);
  // A mail may take long, and an audit event may not wait for it.
  for (let busy = true; busy; ) {
    await logErrors(log, () => writeOverdueAudit(worker, PATIENCE.audit));
    await logErrors(log, () => giveUpExpiredMails(worker));
    busy = await Promise.race([mails.then(() => false), pause(INTERVAL, true)]);
  }
}

/** Begins another mail as soon as one has ended, however long the others take. */
async function sweepMails(worker: WorkerContext, stopping: AbortSignal): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  const takeNext = () => logErrors(worker.log, () => claimOverdueMail(worker, PATIENCE.mail));
  for (;;) {
    const mayBegin = underWay.size < MOST_MAILS && !stopping.aborted;
    const entry = mayBegin ? await takeNext() : undefined;
    if (entry) {
      const delivery = logErrors(worker.log, () => deliverEntry(worker, entry));
      underWay.add(delivery);
      void delivery.then(() => underWay.delete(delivery));
    } else if (underWay.size > 0) {
      await Promise.race([...underWay, pause(INTERVAL)]);
    } else return;
  }
}
