import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { smallestIdAt } from '#src/audit/id-range.ts';
import { pseudonymOf } from '#src/audit/pseudonym.ts';
import { personalColumn } from '#src/audit/row-digest.ts';
import { earlierNow } from '#src/ports/retention-end.ts';
import type { WorkerContext } from './context.ts';
import { inSteps } from './loops.ts';

/** Milliseconds by which the clock of a server may be ahead. */
const CLOCK_TOLERANCE = 60_000;
/** Milliseconds during which events from before a deletion may still arrive. */
const LATE = 10 * 60_000;
/** Rows of the audit log that one statement changes. */
const STEP = 500;

interface Erasure {
  readonly account_id: string;
  readonly email: string;
  readonly requested_at: string;
}

/**
 * Replaces the addresses of deleted accounts in the audit log by pseudonyms, and removes clients and
 * metadata. Keeps the digest of what was removed, without its salt, so that the seals stay valid.
 * Leaves the events of a later account with the same address alone.
 */
export async function eraseAccounts(worker: WorkerContext, signal: AbortSignal): Promise<void> {
  const em = worker.orm.em.fork();
  const now = (await earlierNow(worker)).getTime();
  const erasures = await em.execute<Erasure[]>('select * from erasures order by requested_at');
  const failures: unknown[] = [];
  for (const erasure of erasures) {
    if (signal.aborted) return;
    // The next accounts do not wait for this one.
    const rows = await eraseAccount(em, erasure, now, signal).catch((error) => {
      failures.push(error);
      return 0;
    });
    if (rows > 0) worker.log.info({ rows }, 'Erased a deleted account from the audit log.');
  }
  if (failures.length > 0) throw failures[0];
}

/** @returns the number of erased events */
async function eraseAccount(
  em: SqlEntityManager,
  { account_id: id, email, requested_at }: Erasure,
  now: number,
  signal: AbortSignal,
): Promise<number> {
  const requestedAt = new Date(requested_at).getTime();
  const end = new Date(requestedAt + CLOCK_TOLERANCE);
  const later = smallestIdAt(end.getTime());
  const own = 'account_id = ? and account_id is not null';
  const unowned = 'email = ? and account_id is null';
  const rows =
    (await inSteps(STEP, (size) => erase(em, id, own, [id, later, size]), signal)) +
    (await inSteps(STEP, (size) => erase(em, id, unowned, [email, later, size]), signal));
  await em.execute(renameCounters, [email, end, pseudonymOf(id)]);
  if (now < requestedAt + LATE) return rows;
  await em.execute(
    `delete from erasures where account_id = ? and email = ? and not exists (
       select from outbox_entries where kind = 'audit' and done_at is null and created_at <= ?
     )`,
    [id, email, end],
  );
  return rows;
}

/**
 * Adds the counters of an address to those of its pseudonym, which an earlier run may have made for
 * the same hour, without their clients.
 */
const renameCounters = `
  with renamed as (
    delete from audit_counters where email = ? and hour <= ? returning hour, failures, events
  )
  insert into audit_counters as c (email, hour, failures, events, clients)
  select ?, hour, failures, events, '{}' from renamed
  on conflict (email, hour) do update set failures = c.failures + excluded.failures,
    events = (
      select coalesce(jsonb_object_agg(event, times), '{}') from (
        select event, sum(times::int) as times from (
          select * from jsonb_each_text(c.events)
          union all select * from jsonb_each_text(excluded.events)
        ) as each (event, times) group by event order by event
      ) as total
    )`;

/** Erases some rows. `which` is SQL, whose value, the end and the number of rows are `values`. */
async function erase(em: SqlEntityManager, accountId: string, which: string, values: unknown[]) {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    `update audit_events
     set erased_digest = sha256(coalesce(salt, '') || convert_to(${personalColumn}, 'UTF8')),
       email = ?, ip_address = '', user_agent = '', metadata = '{}', salt = null
     where id in (
       select id from audit_events
       where ${which} and id < ? and erased_digest is null and event <> 'USER_DELETED'
       limit ?
     )`,
    [pseudonymOf(accountId), ...values],
    'run',
  );
  return affectedRows;
}
