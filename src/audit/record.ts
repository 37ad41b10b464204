import {
  type AuditTransaction,
  dropAudit,
  enqueueAudit,
  enqueueAuditOnce,
  type Transaction,
} from '../outbox/transaction.ts';
import { countFailure } from './count-failure.ts';
import type { AuditEventName } from './event-types.ts';

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
  tx: AuditTransaction,
  event: AuditEventName,
  email: string,
  metadata: Metadata = {},
): void {
  enqueueAudit(tx, recordedBy(tx, event, email, metadata));
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

/**
 * Records a failure once, even if several requests report it.
 *
 * @param key identifies this failure
 */
export async function recordFailureOnce(
  tx: Transaction,
  key: string,
  event: AuditEventName,
  email: string,
  metadata: Metadata,
): Promise<void> {
  const entry = await enqueueAuditOnce(tx, key, recordedBy(tx, event, email, metadata));
  if (entry && (await countFailure(tx, event, email))) await dropAudit(tx, entry);
}

function recordedBy(
  { client }: AuditTransaction,
  event: AuditEventName,
  email: string,
  metadata: Metadata,
): RecordedEvent {
  return { event, email, ipAddress: client.ip, userAgent: client.userAgent, metadata };
}
