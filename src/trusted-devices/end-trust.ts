import type { Transaction } from '../outbox/transaction.ts';
import { deleteDevices } from './trusted-device-statements.ts';

/** All devices of an account, that of one session, or all except that of one. */
interface WhichDevices {
  readonly only?: string;
  readonly except?: string;
}

/** Ends the trust in devices of an account: they need a second factor again. */
export async function endTrust(
  tx: Pick<Transaction, 'sql'>,
  accountId: string,
  { only, except }: WhichDevices = {},
): Promise<void> {
  await tx.sql.query(deleteDevices, [accountId, only ?? null, except ?? null]);
}
