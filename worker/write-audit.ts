import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { isOutage } from '#src/errors/outage.ts';
import { claimEntry, overdueEntries } from '#src/outbox/claim.ts';
import { completeEntry, rescheduleEntry } from '#src/outbox/complete.ts';
import type { WorkerContext } from './context.ts';
import { codesOf, MOST_TRIES_OF_POISON, pauseAfter } from './tries.ts';

/** Entries that one statement writes. */
const STEP = 250;
/** Seconds between two tries to write what PostgreSQL does not take. */
const LEASE = 5;
const LONGEST_PAUSE = 300;

/**
 * KeyedMutex audit entries of the outbox into rows of the log. One statement inserts and marks, so an
 * entry becomes a row exactly once, whoever dies and however often it is asked for.
 */
export async function writeAudit(em: SqlEntityManager, entryIds: readonly string[]): Promise<void> {
  await em.execute(
    `with entry as (
       select id, payload::jsonb as event, created_at from outbox_entries
       where id = any(?::uuid[]) and kind = 'audit' and done_at is null
       for update skip locked
     ), written as (
       insert into audit_events
         (id, event, email, ip_address, user_agent, metadata, created_at)
       select id, event->>'event', event->>'email', event->>'ipAddress', event->>'userAgent',
         event->'metadata', created_at
       from entry
       on conflict (id) do nothing
     )
     update outbox_entries
     set done_at = now(), outcome = 'DELIVERED', payload = null
     where id in (select id from entry)`,
    [`{${entryIds.join(',')}}`],
  );
}

/** Writes all entries that wait although they were due `age` seconds ago. */
export async function writeOverdueAudit(worker: WorkerContext, age: number): Promise<void> {
  const em = worker.orm.em.fork();
  for (let found = STEP; found === STEP; ) {
    const ids = await overdueEntries(em, 'audit', age, STEP);
    found = ids.length;
    if (found > 0) await writeAll(worker, em, ids);
  }
}

/** Entries that cannot be written must not hold up the others: they are found by halves. */
async function writeAll(
  worker: WorkerContext,
  em: SqlEntityManager,
  ids: readonly string[],
): Promise<void> {
  try {
    await writeAudit(em, ids);
  } catch (error) {
    if (isOutage(error)) throw error;
    const [id, ...others] = ids;
    if (!id) return;
    if (others.length === 0) return setAside(worker, em, id, error);
    const half = Math.ceil(ids.length / 2);
    await writeAll(worker, em, ids.slice(0, half));
    await writeAll(worker, em, ids.slice(half));
  }
}

/** Tries an entry again later; it waits for somebody to look at it after too many tries. */
async function setAside(
  { log }: WorkerContext,
  em: SqlEntityManager,
  id: string,
  error: unknown,
): Promise<void> {
  const entry = await claimEntry(em, id, 'audit', LEASE);
  if (!entry) return;
  const { attempts } = entry;
  const codes = codesOf(error);
  if (attempts < MOST_TRIES_OF_POISON) {
    log.warn({ entry: id, attempts, error: codes }, 'an audit event could not be written');
    await rescheduleEntry(em, entry, pauseAfter(attempts, LONGEST_PAUSE), codes);
    return;
  }
  const event = 'outbox-entry-poisoned';
  log.error({ event, entry: id, attempts, error: codes }, 'an audit event is set aside');
  await completeEntry(em, entry, 'POISONED', { error: codes, keep: true });
}
