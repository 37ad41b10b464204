import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { ownerOf } from '#src/accounts/reserved-address.ts';
import { batched } from '#src/concurrency/batched.ts';
import { isOutage } from '#src/errors/outage.ts';
import { claimEntries, isOverdue, overdueAuditEntries } from '#src/outbox/claim.ts';
import { completeEntries, rescheduleEntry } from '#src/outbox/complete.ts';
import type { ClaimedEntry } from '#src/outbox/outbox-statements.ts';
import type { Tracing } from '#src/ports/tracing.ts';
import { countOn } from '#src/webhooks/webhook-statements.ts';
import { fanOut } from '#src/webhooks/webhook-types.ts';
import type { WorkerContext } from './context.ts';
import { originFields, processSpan } from './entry-origin.ts';
import { inSteps, logErrors } from './loops.ts';
import { codesOf, MAX_ATTEMPTS, pauseAfter } from './retry-policy.ts';

/** Seconds that a failed entry is claimed, and longest pause between two attempts. */
const LEASE = 5;
const LONGEST_PAUSE = 300;

/** Entries that one statement writes, and about how many deliveries to webhooks it may create. */
const BATCH = { entries: 250, deliveries: 2000 };
/** Maximum deliveries that one event creates for one webhook. */
const MESSAGES = 4;

/** Returns how many entries one statement writes. More webhooks need smaller batches to end in time. */
async function batchSize({ sql }: WorkerContext): Promise<number> {
  const [webhooks] = await sql.query(countOn);
  const most = Math.floor(BATCH.deliveries / (MESSAGES * (webhooks?.count ?? 0)));
  return Math.min(BATCH.entries, most);
}

/**
 * Writes audit entries of the outbox into the audit log. One statement inserts, completes, and creates
 * the deliveries to webhooks, so an entry becomes a row exactly once. @returns the number of entries
 */
async function write({ em, tracing }: Writer, which: string, values: readonly unknown[]) {
  const startTime = Date.now();
  const sql = insertAndComplete(which);
  if (!tracing) {
    const done = await em.execute<{ affectedRows: number }>(sql, values, 'run');
    return done.affectedRows;
  }
  const entries = await em.execute<Traced[]>(`${sql} returning id, traceparent`, values);
  for (const entry of entries.filter(({ traceparent }) => traceparent)) {
    tracing.run({ ...processSpan('audit', entry), startTime }, () => undefined);
  }
  return entries.length;
}

interface Writer {
  readonly em: SqlEntityManager;
  readonly tracing: Tracing | undefined;
}

type Traced = Pick<ClaimedEntry, 'id' | 'traceparent'>;

/** @param which SQL */
const insertAndComplete = (which: string) => `with entry as (
       select id, payload::jsonb as event, created_at from outbox_entries
       where kind = 'audit' and done_at is null and ${which}
       for update skip locked
     ), written as (
       insert into audit_events
         (id, event, email, account_id, ip_address, user_agent, metadata, created_at)
       select entry.id, event->>'event', event->>'email',
         coalesce((event->>'accountId')::uuid, owner.id),
         event->>'ipAddress', event->>'userAgent', event->'metadata', entry.created_at
       from entry left join lateral (${ownerOf("event->>'email'", 'entry.created_at')}) owner on true
       on conflict (id) do nothing
       returning id, event, metadata, account_id
     ), deliveries as (${fanOut('written')})
     update outbox_entries
     set done_at = now(), outcome = 'DELIVERED', payload = null
     where id in (select id from entry)`;

/** Writes the entries with these ids. */
export const writeAudit = (writer: Writer, entryIds: readonly string[]): Promise<number> =>
  write(writer, 'id = any(?::uuid[])', [`{${entryIds.join(',')}}`]);

/** Writes all entries that are overdue by `age` seconds. */
export async function writeOverdueAudit(worker: WorkerContext, age: number): Promise<void> {
  const em = worker.orm.em.fork();
  await inSteps(await batchSize(worker), async (size) => {
    try {
      const rows = await write(
        { em, tracing: worker.tracing },
        `${isOverdue} order by due_at limit ?`,
        [age, size],
      );
      worker.metrics.add('auditEvents', [], rows);
      return rows;
    } catch (error) {
      if (isOutage(error)) throw error;
      const ids = await overdueAuditEntries(em, age, size);
      await writeAll(worker, em, ids);
      return ids.length;
    }
  });
}

/**
 * Returns a function that writes all entries that are due. Calls during a run share the next one, so
 * that the events of many jobs become one statement.
 */
export function createAuditWriter(worker: WorkerContext): () => Promise<void> {
  const write = batched<void, void>(async () => {
    await logErrors(worker.log, () => writeOverdueAudit(worker, 0));
    return [];
  });
  return () => write();
}

/** Writes entries. Splits them in half after a failure, to find those that cannot be written. */
async function writeAll(worker: WorkerContext, em: SqlEntityManager, ids: readonly string[]) {
  try {
    worker.metrics.add('auditEvents', [], await writeAudit({ em, tracing: worker.tracing }, ids));
  } catch (error) {
    if (isOutage(error)) throw error;
    const [id, ...others] = ids;
    if (!id) return;
    if (others.length === 0) return handleFailure(worker, id, error);
    const half = Math.ceil(ids.length / 2);
    await writeAll(worker, em, ids.slice(0, half));
    await writeAll(worker, em, ids.slice(half));
  }
}

/** Reschedules an entry that cannot be written. Makes it a dead letter after too many attempts. */
async function handleFailure({ log, sql }: WorkerContext, id: string, error: unknown) {
  const [claim] = await claimEntries(sql, [id], 'audit', LEASE);
  if (!claim) return;
  const { attempts } = claim;
  const codes = codesOf(error);
  const fields = { entry: id, ...originFields(claim), attempts, error: codes };
  if (attempts < MAX_ATTEMPTS) {
    log.warn(fields, 'Writing the audit event failed. The worker will retry.');
    return rescheduleEntry(sql, claim, pauseAfter(attempts, LONGEST_PAUSE), codes);
  }
  const message =
    'Cannot write the audit event. Kept as a dead letter: run `npx gatehouse outbox list`.';
  log.error({ event: 'outbox-entry-poisoned', ...fields }, message);
  await completeEntries(sql, [{ claim, outcome: 'POISONED', error: codes, keep: true }]);
}
