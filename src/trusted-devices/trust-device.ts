import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { badUserInput, NO_TRUSTED_DEVICES, TRUST_NEEDS_COOKIE } from '../errors/auth-error.ts';
import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import { type Browser, createDeviceToken, deviceHash } from './device-token.ts';
import { insertDevice } from './trusted-device-statements.ts';

/** Maximum trusted devices of one account. */
const MAX_DEVICES = 20;
/** Seconds. */
const DAY = 24 * 60 * 60;

/** The new cookie of a trusted browser. `lifetime` in seconds. */
export interface TrustedBrowser {
  readonly token: string;
  readonly lifetime: number;
}

interface Owner {
  readonly id: string;
  readonly email: string;
  readonly locale: string | null;
}

/**
 * Checks that a browser can be trusted, before a proof is spent.
 *
 * @param browser undefined outside cookie mode
 * @throws AuthError BAD_USER_INPUT
 */
export function requireTrustable(
  { config }: Pick<Context, 'config'>,
  browser: Browser | undefined,
): Browser {
  if (config.trustedDeviceDays === 0) throw badUserInput({ trustDevice: [NO_TRUSTED_DEVICES] });
  if (!browser) throw badUserInput({ trustDevice: [TRUST_NEEDS_COOKIE] });
  return browser;
}

/** Returns for how many days a browser can be trusted, as `MFA_REQUIRED` tells; nothing if it cannot. */
export function offerOf(
  { config: { trustedDeviceDays } }: Pick<Context, 'config'>,
  browser: Browser | undefined,
): { readonly trustDeviceDays?: number } {
  return browser && trustedDeviceDays > 0 ? { trustDeviceDays: trustedDeviceDays } : {};
}

/**
 * Trusts the browser of a session that a second factor has just opened, for `TRUSTED_DEVICE_DAYS`, and
 * notifies the owner, whose account is locked. Replaces the device that the browser had before.
 */
export async function trustDevice(
  tx: Transaction,
  account: Owner,
  sessionId: string,
  former: Browser,
): Promise<TrustedBrowser> {
  const now = tx.clock.now();
  const lifetime = tx.config.trustedDeviceDays * DAY;
  const expiresAt = new Date(now.getTime() + lifetime * 1000);
  const device = tx.newId(now);
  const token = createDeviceToken();
  const { ip, userAgent } = tx.client;
  await tx.sql.query(insertDevice, [
    ...[device, account.id, deviceHash(token), former.token ? deviceHash(former.token) : null],
    ...[sessionId, now, expiresAt, ip, MAX_DEVICES - 1, userAgent],
  ]);
  record(tx, 'DEVICE_TRUSTED', account, { device, sessionId, expiresAt });
  await enqueueMail(tx, account, { about: 'DEVICE_TRUSTED' });
  tx.afterCommit.push(() => tx.metrics.add('trustedDevices', ['TRUSTED']));
  return { token, lifetime };
}
