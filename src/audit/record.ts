import { createHash } from 'node:crypto';
import { insertEntryOnce } from '../outbox/outbox-statements.ts';
import { dropEntry } from '../outbox/retry-entries.ts';
import { type AuditTransaction, originOf, type Transaction } from '../outbox/transaction.ts';
import { countFailure } from './count-failure.ts';
import type { AuditEventName } from './event-types.ts';

/**
 * An event of an account, or of an address, whose account the worker looks up: a request takes the
 * same time with and without one. The metadata never contain a password, code or token.
 */
type AuditRecord = readonly [
  event: AuditEventName,
  subject: string | { readonly id: string; readonly email: string },
  metadata?: Readonly<Record<string, unknown>> | undefined,
];

/** Enqueues an event. A worker writes it into the log after the commit, once. */
export function record(tx: AuditTransaction, ...event: AuditRecord): void {
  tx.unwritten.push(entryOf(tx, event));
}

/**
 * Records a failure. Beyond 100 failures of unknown clients for one address in an hour, further
 * ones are only counted, and become one row after the hour.
 */
export async function recordFailure(tx: Transaction, ...event: AuditRecord): Promise<void> {
  if (!(await countFailure(tx, event[0], subjectOf(event).email))) record(tx, ...event);
}

/** Records a failure once per key and day, even if several processes report it at once. */
export async function recordFailureOnce(tx: Transaction, key: string, ...event: AuditRecord) {
  const { id, kind, payload, createdAt } = entryOf(tx, event);
  const hash = createHash('sha256').update(key).digest('base64url');
  const values = [id, kind, payload, createdAt, hash, ...originOf(tx)];
  const rows = await tx.sql.query(insertEntryOnce, values);
  if (rows.length === 0) return;
  if (!(await countFailure(tx, event[0], subjectOf(event).email))) tx.written.push({ id, kind });
  // Keeps the row of a failure that is only counted: its key prevents a second count.
  else await dropEntry(tx.em, id, ['audit']);
}

/** The event takes over the id and time of its outbox entry. */
function entryOf(tx: AuditTransaction, record: AuditRecord) {
  const [event, , metadata = {}] = record;
  const { email, id: accountId } = subjectOf(record);
  const { ip: ipAddress, userAgent } = tx.client;
  const createdAt = tx.clock.now();
  const payload = JSON.stringify({ event, email, accountId, ipAddress, userAgent, metadata });
  return { id: tx.newId(createdAt), kind: 'audit' as const, payload, createdAt, seconds: null };
}

function subjectOf([, subject]: AuditRecord): { readonly email: string; readonly id?: string } {
  return typeof subject === 'string' ? { email: subject } : subject;
}
