import type { SqlEntityManager } from '@mikro-orm/postgresql';

/** A job that one worker may run until a time. */
export interface Lease {
  readonly name: string;
  /** End of the lease as PostgreSQL prints it. Identifies the lease. */
  readonly until: string;
}

/** Returns which of these jobs are due and not leased. A job that has never run is due. */
export async function dueJobs(em: SqlEntityManager, names: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ name: string }[]>(
    `select name from unnest(?::text[]) as known (name) left join scheduled_work work using (name)
     where coalesce(greatest(work.due_at, work.leased_until) <= now(), true)`,
    [`{${names.join(',')}}`],
  );
  return rows.map(({ name }) => name);
}

/**
 * Leases a due job for `seconds`, in a transaction of its own. If the worker dies, another one can
 * lease the job after that. Creates the row of a new job.
 *
 * @returns undefined if the job is not due or is leased
 */
export async function leaseJob(em: SqlEntityManager, name: string, seconds: number) {
  const [row] = await em.execute<{ until: string }[]>(
    `insert into scheduled_work as work (name, due_at, leased_until)
     values (?, now(), now() + make_interval(secs => ?))
     on conflict (name) do update set leased_until = excluded.leased_until
       where greatest(work.due_at, work.leased_until) <= now()
     returning leased_until::text as until`,
    [name, seconds],
  );
  return row && { name, ...row };
}

/** Ends a lease and makes the job due after `seconds`, unless another worker has leased it since. */
export async function completeJob(em: SqlEntityManager, { name, until }: Lease, seconds: number) {
  await em.execute(
    `update scheduled_work set due_at = now() + make_interval(secs => ?), leased_until = null
     where name = ? and leased_until = ?::timestamptz`,
    [seconds, name, until],
  );
}
