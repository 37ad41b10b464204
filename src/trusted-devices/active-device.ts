import type { Transaction } from '../outbox/transaction.ts';
import { type Browser, deviceHash } from './device-token.ts';
import { lockDevice, saveDeviceUse } from './trusted-device-statements.ts';

/** A device that its account trusts now. */
export interface ActiveDevice {
  readonly id: string;
}

/** Returns the device of a browser, if the locked account trusts it. Any other cookie is ignored. */
export async function findDevice(
  tx: Transaction,
  { id }: { readonly id: string },
  browser: Browser | undefined,
): Promise<ActiveDevice | undefined> {
  const { trustedDeviceDays: days } = tx.config;
  if (days === 0 || !browser?.token) return undefined;
  const values = [id, deviceHash(browser.token), tx.clock.now(), days];
  const [device] = await tx.sql.query(lockDevice, values);
  return device;
}

/** Stores the session that the browser of a device has opened. Revoking it ends the trust. */
export async function bindDevice(
  tx: Transaction,
  { id }: ActiveDevice,
  sessionId: string,
): Promise<void> {
  const { ip, userAgent } = tx.client;
  await tx.sql.query(saveDeviceUse, [id, sessionId, tx.clock.now(), ip, userAgent]);
}
