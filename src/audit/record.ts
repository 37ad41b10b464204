import {
  type AuditTransaction,
  dropAudit,
  enqueueAudit,
  enqueueAuditOnce,
  type Transaction,
} from '../outbox/transaction.ts';
import { countFailure } from './count-failure.ts';
import type { AuditEventName } from './event-types.ts';

/** Details of an event. Never a password, code or token. */
type Metadata = Readonly<Record<string, unknown>>;

/** Records an event of an address. A worker writes the row after the commit, exactly once. */
export function record(
  tx: AuditTransaction,
  event: AuditEventName,
  email: string,
  metadata: Metadata = {},
): void {
  enqueueAudit(tx, eventOf(tx, event, email, metadata));
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

/** Records a failure once per key, even if several requests report it. */
export async function recordFailureOnce(
  tx: Transaction,
  key: string,
  event: AuditEventName,
  email: string,
  metadata: Metadata,
): Promise<void> {
  const entry = await enqueueAuditOnce(tx, key, eventOf(tx, event, email, metadata));
  if (entry && (await countFailure(tx, event, email))) await dropAudit(tx, entry);
}

const eventOf = (
  { client }: AuditTransaction,
  event: AuditEventName,
  email: string,
  metadata: Metadata,
) => ({ event, email, ipAddress: client.ip, userAgent: client.userAgent, metadata });
