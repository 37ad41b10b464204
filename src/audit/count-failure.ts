import type { Transaction } from '../outbox/transaction.ts';
import { countFailures, OWN_ROWS } from './audit-statements.ts';
import type { AuditEventName } from './event-types.ts';

export const HOUR = 60 * 60 * 1000;

/** Counts a failure if the client is unknown. @returns whether it gets no row of its own */
export async function countFailure(tx: Transaction, event: AuditEventName, email: string) {
  const now = tx.clock.now();
  const hour = new Date(Math.floor(now.getTime() / HOUR) * HOUR);
  const values = [email, hour, tx.client.prefix, now, event];
  const [counted] = await tx.sql.query(countFailures, values);
  return (counted?.failures ?? 0) > OWN_ROWS;
}
