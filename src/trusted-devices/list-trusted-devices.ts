import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { type ListedDevice, selectDevices } from './trusted-device-statements.ts';

/** Lists the trusted devices of the signed-in account, the last used first. */
export async function listTrustedDevices(
  { sql, clock, config }: Pick<Context, 'sql' | 'clock' | 'config'>,
  { user, sessionId }: Pick<Viewer, 'user' | 'sessionId'>,
): Promise<ListedDevice[]> {
  const values = [user.id, clock.now(), config.trustedDeviceDays, sessionId];
  return [...(await sql.query(selectDevices, values))];
}
