import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { afterRemoval } from '../enrolment/after-enrolment.ts';
import { AuthError, PASSKEY_NOT_FOUND } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import { listPasskeys, type PasskeyList } from './list-passkeys.ts';
import { lockFreshSession } from './lock-fresh-session.ts';
import type { RemovePasskeyInput } from './passkey-inputs.ts';
import { deletePasskey } from './passkey-statements.ts';

/**
 * Removes a passkey of the signed-in account, and notifies the owner (ASVS 5.0 6.3.7). With the last
 * factor, the recovery codes go too. Requires a fresh session or a step-up. Returns the passkeys that
 * are left.
 *
 * @throws AuthError NOT_FOUND
 */
export function removePasskey(
  ctx: Context,
  viewer: Viewer,
  { id }: RemovePasskeyInput,
): Promise<PasskeyList> {
  return transaction(ctx, async (tx) => {
    const account = await lockFreshSession(tx, viewer);
    const [removed] = await tx.sql.query(deletePasskey, [id, account.id]);
    if (!removed) throw new AuthError('NOT_FOUND', PASSKEY_NOT_FOUND);
    const { sessionId } = viewer;
    record(tx, 'PASSKEY_REMOVED', account, { passkey: id, sessionId });
    await afterRemoval(tx, account, { factor: 'PASSKEY', sessionId });
    return listPasskeys(tx, account.id);
  });
}
