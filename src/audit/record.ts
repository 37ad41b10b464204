import { createHash } from 'node:crypto';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import type { AuditTransaction, Transaction } from '../outbox/transaction.ts';
import { countFailure } from './count-failure.ts';
import type { AuditEventName } from './event-types.ts';

/** Details of an event. Never a password, code or token. */
type Metadata = Readonly<Record<string, unknown>>;

/** Enqueues an event of an address. A worker writes it into the log after the commit, once. */
export function record(
  tx: AuditTransaction,
  event: AuditEventName,
  email: string,
  metadata: Metadata = {},
): void {
  tx.pending.push(tx.em.create(OutboxEntry, entryOf(tx, event, email, metadata)));
}

/**
 * Records a failure. Beyond 100 failures of unknown clients for one address in an hour, further
 * ones are only counted, and become one row after the hour.
 */
export async function recordFailure(
  tx: Transaction,
  event: AuditEventName,
  email: string,
  metadata?: Metadata,
): Promise<void> {
  if (!(await countFailure(tx, event, email))) record(tx, event, email, metadata);
}

/** Records a failure once per key and day, even if several processes report it at once. */
export async function recordFailureOnce(
  tx: Transaction,
  key: string,
  event: AuditEventName,
  email: string,
  metadata: Metadata,
): Promise<void> {
  const { id, kind, payload, createdAt } = entryOf(tx, event, email, metadata);
  const rows = await tx.em.execute<object[]>(
    `insert into outbox_entries (id, kind, payload, created_at, idempotency_key)
     values (?, ?, ?, ?, ?)
     on conflict (idempotency_key) where idempotency_key is not null do nothing
     returning id`,
    [id, kind, payload, createdAt, createHash('sha256').update(key).digest('base64url')],
  );
  if (rows.length === 0) return;
  if (!(await countFailure(tx, event, email))) tx.pending.push({ id, kind });
  else {
    await tx.em.execute(
      `update outbox_entries set done_at = now(), outcome = 'DROPPED', payload = null where id = ?`,
      [id],
    );
  }
}

/** The event takes over the id and time of its outbox entry. */
function entryOf(tx: AuditTransaction, event: AuditEventName, email: string, metadata: Metadata) {
  const { ip: ipAddress, userAgent } = tx.client;
  const createdAt = tx.clock.now();
  const payload = JSON.stringify({ event, email, ipAddress, userAgent, metadata });
  return { id: tx.newId(createdAt), kind: 'audit' as const, payload, createdAt };
}
