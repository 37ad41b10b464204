import { putAudit } from '../outbox/put.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { AuditEventName } from './events.ts';

/** An audit event on its way through the outbox. */
export interface RecordedEvent {
  readonly event: AuditEventName;
  readonly email: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Records what happened to an address, in the transaction that makes it happen. The worker writes
 * the row, once.
 *
 * @param metadata useful to who reads the log; never a password, code or token
 */
export function record(
  tx: Transaction,
  event: AuditEventName,
  email: string,
  metadata: Readonly<Record<string, unknown>> = {},
): void {
  const { ip, userAgent } = tx.client;
  const recorded: RecordedEvent = { event, email, ipAddress: ip, userAgent, metadata };
  putAudit(tx, recorded);
}
