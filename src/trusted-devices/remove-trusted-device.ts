import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { AuthError, DEVICE_NOT_FOUND } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import type { RemoveTrustedDeviceInput } from './trusted-device-inputs.ts';
import { deleteDevice } from './trusted-device-statements.ts';

/**
 * Ends the trust in a device of the signed-in account: its next sign-in needs a second factor. Its
 * sessions stay.
 *
 * @throws AuthError NOT_FOUND
 */
export function removeTrustedDevice(
  ctx: Context,
  viewer: Viewer,
  { id }: RemoveTrustedDeviceInput,
) {
  return transaction(ctx, async (tx) => {
    const account = await lockViewer(tx, viewer);
    const [removed] = await tx.sql.query(deleteDevice, [id, account.id]);
    if (!removed) throw new AuthError('NOT_FOUND', DEVICE_NOT_FOUND);
    const { sessionId } = viewer;
    record(tx, 'DEVICE_TRUST_ENDED', account, { device: removed.id, sessionId });
    return { detail: 'Trusted device removed' };
  });
}
