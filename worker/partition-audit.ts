import { createPartitions } from '#src/audit/audit-partitions.ts';
import { pruneEvents } from '#src/audit/prune-events.ts';
import { retentionEnd } from '#src/ports/retention-end.ts';
import type { WorkerContext } from './context.ts';

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

async function partition(worker: WorkerContext, signal: AbortSignal) {
  const { clock, config, log } = worker;
  const em = worker.orm.em.fork();
  const now = clock.now();
  const created = await createPartitions(em, now);
  if (created.length > 0) log.info({ created }, 'Created partitions of the audit log.');
  if (config.auditRetentionDays === 0) return;
  const end = await retentionEnd(worker, config.auditRetentionDays);
  const { partitions, rows } = await pruneEvents({ ...worker, em }, end, signal);
  if (partitions.length > 0)
    log.info({ dropped: partitions }, 'Dropped partitions of the audit log.');
  if (rows > 0) log.info({ table: 'audit_events', rows }, 'Deleted expired rows.');
}
