import { putAudit, putAuditOnce } from '../outbox/put.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { AuditEventName } from './events.ts';

/** An audit event on its way through the outbox. */
export interface RecordedEvent {
  readonly event: AuditEventName;
  readonly email: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly metadata: Metadata;
}

/** Useful to who reads the log; never a password, code or token. */
type Metadata = Readonly<Record<string, unknown>>;

/**
 * Records what happened to an address, in the transaction that makes it happen. The worker writes
 * the row, once.
 */
export function record(
  tx: Transaction,
  event: AuditEventName,
  email: string,
  metadata: Metadata = {},
): void {
  putAudit(tx, recordedBy(tx, event, email, metadata));
}

/**
 * The same, for what several requests may come to record.
 *
 * @param key names what happened, and is of nothing else
 */
export function recordOnce(
  tx: Transaction,
  key: string,
  event: AuditEventName,
  email: string,
  metadata: Metadata,
): Promise<void> {
  return putAuditOnce(tx, key, recordedBy(tx, event, email, metadata));
}

function recordedBy(
  { client }: Transaction,
  event: AuditEventName,
  email: string,
  metadata: Metadata,
): RecordedEvent {
  return { event, email, ipAddress: client.ip, userAgent: client.userAgent, metadata };
}
