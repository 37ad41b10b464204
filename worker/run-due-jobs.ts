import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { traceOf } from '#src/errors/outage.ts';
import { completeJob, dueJobs, leaseJob } from '#src/schedule/lease.ts';
import type { WorkerContext } from './context.ts';
import type { ScheduledItem } from './scheduled-jobs.ts';

/** Fraction of a lease after which no new step begins. */
const USABLE = 0.8;

/** Runs the items that are due and not leased by another worker, one after the other. */
export async function runDueWork(
  worker: WorkerContext,
  items: readonly ScheduledItem[],
  stopping: AbortSignal,
): Promise<void> {
  const em = worker.orm.em.fork();
  const names = items.map(({ name }) => name);
  const due = new Set(await dueJobs(em, names));
  for (const item of items.filter(({ name }) => due.has(name))) {
    if (stopping.aborted) return;
    await runItem(worker, em, item, stopping).catch((error) => {
      const fields = { item: item.name, ...traceOf(error) };
      worker.log.error(fields, 'The scheduled job failed. It is due again when its lease ends.');
    });
  }
}

async function runItem(
  worker: WorkerContext,
  em: SqlEntityManager,
  { name, lease: seconds, every, run }: ScheduledItem,
  stopping: AbortSignal,
): Promise<void> {
  const lease = await leaseJob(em, name, seconds);
  if (!lease) return;
  const late = AbortSignal.timeout(Math.round(seconds * USABLE * 1000));
  const signal = AbortSignal.any([stopping, late]);
  await run(worker, signal);
  await completeJob(em, lease, signal.aborted ? 0 : every);
}
