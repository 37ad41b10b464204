import { traceOf } from '#src/errors/outage.ts';
import type { WorkerContext } from './context.ts';
import type { ScheduledJob } from './scheduled-jobs.ts';

/** Fraction of a lease after which no new step begins. */
const USABLE = 0.8;

/** Runs the jobs that are due and not leased by another worker, one after the other. */
export async function runDueJobs(
  worker: WorkerContext,
  jobs: readonly ScheduledJob[],
  stopping: AbortSignal,
): Promise<void> {
  // A job that has never run has no row yet.
  const rows = await worker.orm.em.fork().execute<{ name: string }[]>(
    `select name from unnest(?::text[]) as known (name) left join scheduled_work work using (name)
     where coalesce(greatest(work.due_at, work.leased_until) <= now(), true)`,
    [`{${jobs.map(({ name }) => name).join(',')}}`],
  );
  const due = new Set(rows.map(({ name }) => name));
  for (const job of jobs.filter(({ name }) => due.has(name))) {
    if (stopping.aborted) return;
    await runJob(worker, job, stopping).catch((error) => {
      worker.metrics.add('jobFailures', [job.name]);
      const fields = { item: job.name, ...traceOf(error) };
      worker.log.error(
        fields,
        'The scheduled job failed. A worker retries it when the lease expires.',
      );
    });
  }
}

/** Leases a due job, runs it and makes it due again. A worker that dies loses the lease. */
async function runJob(worker: WorkerContext, job: ScheduledJob, stopping: AbortSignal) {
  const em = worker.orm.em.fork();
  // The end of the lease, as PostgreSQL prints it, identifies the lease.
  const [lease] = await em.execute<{ until: string }[]>(
    `insert into scheduled_work as work (name, due_at, leased_until)
     values (?, now(), now() + make_interval(secs => ?))
     on conflict (name) do update set leased_until = excluded.leased_until
       where greatest(work.due_at, work.leased_until) <= now()
     returning leased_until::text as until`,
    [job.name, job.lease],
  );
  if (!lease) return;
  const late = AbortSignal.timeout(Math.round(job.lease * USABLE * 1000));
  const signal = AbortSignal.any([stopping, late]);
  await job.run(worker, signal);
  await em.execute(
    `update scheduled_work set due_at = now() + make_interval(secs => ?), leased_until = null
     where name = ? and leased_until = ?::timestamptz`,
    [signal.aborted ? 0 : job.every, job.name, lease.until],
  );
}
