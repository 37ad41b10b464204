import {
  createPartitions,
  deleteOldEvents,
  deleteStrayEvents,
  dropPartitions,
} from '#src/audit/audit-partitions.ts';
import { daysBefore } from '#src/ports/clock.ts';
import type { WorkerContext } from './context.ts';
import { inSteps } from './loops.ts';

/** PostgreSQL's codes of a lock that was not granted, and of a missing privilege. */
const reasons: Readonly<Record<string, string>> = {
  '55P03': 'the table is in use, for example by a dump',
  '42501':
    'the role of DATABASE_URL does not own the table; run `npx gatehouse migrate` each month',
};

/**
 * Creates the partitions of the audit log for the next months. Drops those whose events are all
 * older than `AUDIT_RETENTION_DAYS`.
 */
export async function partitionAudit(worker: WorkerContext, signal: AbortSignal): Promise<void> {
  try {
    await partition(worker, signal);
  } catch (error) {
    const reason = reasons[String((error as { code?: unknown }).code)];
    if (!reason) throw error;
    worker.log.warn(
      { reason },
      'Cannot change the partitions of the audit log. Retries in an hour.',
    );
  }
}

async function partition({ orm, clock, config, log }: WorkerContext, signal: AbortSignal) {
  const em = orm.em.fork();
  const now = clock.now();
  const created = await createPartitions(em, now);
  if (created.length > 0) log.info({ created }, 'Created partitions of the audit log.');
  if (config.auditRetentionDays === 0) return;
  const end = daysBefore(now, config.auditRetentionDays);
  const dropped = await dropPartitions(em, end);
  if (dropped.length > 0) log.info({ dropped }, 'Dropped partitions of the audit log.');
  let rows = 0;
  for (const remove of [deleteOldEvents, deleteStrayEvents]) {
    rows += await inSteps(1000, (size) => remove(em, end, size), signal);
  }
  if (rows > 0) log.info({ table: 'audit_events', rows }, 'Deleted expired rows.');
}
