import { eraseAccount } from '../accounts/erase-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { isLastAdmin, lockUsers } from '../administration/change-user.ts';
import type { Context } from '../context.ts';
import { AuthError, LAST_ADMIN, RECENT_CHANGE } from '../errors/auth-error.ts';
import { enqueueMail, transaction } from '../outbox/transaction.ts';
import { lockSteppedUp } from '../sessions/lock-stepped-up.ts';
import { findRecentChange } from './email-change-statements.ts';

/**
 * Deletes the signed-in account with its sessions and personal data, and notifies the owner.
 * Requires a step-up. While a change of the address can be undone, only administrators can delete
 * the account: whoever changed it must not take this away from the holder of the old address.
 *
 * @throws AuthError FORBIDDEN for the last `ADMIN` and after a change, and those of `lockSteppedUp`
 */
export function deleteMyAccount(ctx: Context, viewer: Viewer) {
  const { id } = viewer.user;
  return transaction(ctx, async (tx) => {
    // First, because administrators lock accounts in this order too.
    const locked = await tx.sql.query(lockUsers, [[id], true]);
    const account = await lockSteppedUp(tx, viewer);
    if (isLastAdmin(id, locked)) throw new AuthError('FORBIDDEN', LAST_ADMIN);
    const [recent] = await tx.sql.query(findRecentChange, [id, tx.clock.now()]);
    if (recent) throw new AuthError('FORBIDDEN', RECENT_CHANGE);
    await eraseAccount(tx, account, id);
    await enqueueMail(tx, account, { about: 'ACCOUNT_DELETED' });
    return { detail: 'Account deleted' };
  });
}
