import type { SqlEntityManager } from '@mikro-orm/postgresql';

/** Work that is one worker's for a time. */
export interface Lease {
  readonly name: string;
  /** When it ends, as PostgreSQL writes it: it tells this lease from any later one. */
  readonly until: string;
}

/** Which of these are due and nobody's. One that no worker has run yet is. */
export async function dueJobs(em: SqlEntityManager, names: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ name: string }[]>(
    `select name from unnest(?::text[]) as known (name) left join scheduled_work work using (name)
     where coalesce(greatest(work.due_at, work.leased_until) <= now(), true)`,
    [`{${names.join(',')}}`],
  );
  return rows.map(({ name }) => name);
}

/**
 * Takes due work for `seconds`, in a transaction of its own: whoever dies with it loses it to
 * another worker after that time. Work that is new gets its row here.
 *
 * @returns undefined when it is not due, or somebody else has it
 */
export async function leaseJob(
  em: SqlEntityManager,
  name: string,
  seconds: number,
): Promise<Lease | undefined> {
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

/** Gives taken work back, due again after `seconds`; nothing where the lease was lost. */
export async function completeJob(
  em: SqlEntityManager,
  { name, until }: Lease,
  seconds: number,
): Promise<void> {
  await em.execute(
    `update scheduled_work set due_at = now() + make_interval(secs => ?), leased_until = null
     where name = ? and leased_until = ?::timestamptz`,
    [seconds, name, until],
  );
}
