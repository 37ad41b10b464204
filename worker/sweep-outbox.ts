import pLimit from 'p-limit';
import { overdueEntries } from '#src/outbox/take.ts';
import type { WorkerContext } from './context.ts';
import { deliverMail } from './deliver-mail.ts';
import { writeAudit } from './write-audit.ts';

/** Seconds that a job has to arrive before the sweep does its work. */
const PATIENCE = 1;
const BATCH = 200;

const inTurn = pLimit(5);

/**
 * Does what waits in the outbox although nobody announced it, or whose announcement was lost.
 *
 * Every worker does it every second, under no lease: an audit event may wait 2 s, and the lease of
 * a worker that died would have to be over sooner. Each entry is taken for itself, so that sweeps at
 * the same time do it once.
 */
export async function sweepOutbox(worker: WorkerContext): Promise<void> {
  const em = worker.orm.em.fork();
  const audit = await overdueEntries(em, 'audit', PATIENCE, BATCH);
  if (audit.length > 0) {
    // One entry that cannot be written must not hold up the others.
    const oneByOne = () => Promise.allSettled(audit.map((id) => writeAudit(em.fork(), [id])));
    await writeAudit(em, audit).catch(oneByOne);
  }
  const mails = await overdueEntries(em, 'mail', PATIENCE, BATCH);
  await Promise.all(mails.map((id) => inTurn(() => deliverMail(worker, id))));
}
