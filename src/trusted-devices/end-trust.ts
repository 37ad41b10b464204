import type { Transaction } from '../outbox/transaction.ts';
import { deleteDevices } from './trusted-device-statements.ts';

/**
 * All devices of an account, that of one session, all except that of one, or all that may have been
 * copied together with a session, also if they were used for a newer one since.
 */
interface WhichDevices {
  readonly only?: string;
  readonly except?: string;
  readonly copiedWith?: string;
}

/** Ends the trust in devices of an account: they need a second factor again. */
export async function endTrust(
  tx: Pick<Transaction, 'sql'>,
  accountId: string,
  { only, except, copiedWith }: WhichDevices = {},
): Promise<void> {
  const sessions = [only ?? null, except ?? null, copiedWith ?? null];
  await tx.sql.query(deleteDevices, [accountId, ...sessions]);
}
