import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { traceOf } from '#src/errors/outage.ts';
import { completeJob, dueJobs, leaseJob } from '#src/schedule/lease.ts';
import type { WorkerContext } from './context.ts';
import type { ScheduledItem } from './scheduled-jobs.ts';

/** The part of a lease after which no new step begins. PostgreSQL ends any step long before. */
const USABLE = 0.8;

/** Runs those of the items that are due and that no other worker has, one after the other. */
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
    await runItem(worker, em, item, stopping).catch((error) =>
      worker.log.error(
        { item: item.name, ...traceOf(error) },
        'scheduled work failed; it is due again when its lease is over',
      ),
    );
  }
}

async function runItem(
  worker: WorkerContext,
  em: SqlEntityManager,
  item: ScheduledItem,
  stopping: AbortSignal,
): Promise<void> {
  const lease = await leaseJob(em, item.name, item.lease);
  if (!lease) return;
  const late = AbortSignal.timeout(Math.round(item.lease * USABLE * 1000));
  const signal = AbortSignal.any([stopping, late]);
  await item.run(worker, signal);
  await completeJob(em, lease, signal.aborted ? 0 : item.every);
}
