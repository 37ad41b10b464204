import { revokeOwnKeys } from '../api-keys/revoke-own-keys.ts';
import { record } from '../audit/record.ts';
import { undoHash } from '../challenges/undo-secret.ts';
import type { Context } from '../context.ts';
import { INVALID_UNDO, invalidOtp } from '../errors/auth-error.ts';
import { enqueueMail, transaction } from '../outbox/transaction.ts';
import { endEverySession } from '../sessions/end-sessions.ts';
import { forgetClients } from '../sessions/forget-clients.ts';
import { evictUnverified, lockByUndoSecret, restoreAddress } from './email-change-statements.ts';
import type { UndoEmailChangeInput } from './own-account-inputs.ts';
import { removeRecentFactors } from './remove-recent-factors.ts';

/**
 * Restores the address that an undo secret was mailed to, within 7 days. Ends all sessions and codes,
 * removes the password and the recent second factors, revokes all API keys of the account, cancels
 * this change and all later ones, and ends all undo secrets of them and of this address: whoever
 * changed it keeps nothing. Needs neither a session nor Redis, and restores the address of a disabled
 * account too, which stays disabled.
 *
 * @throws AuthError INVALID_OTP, for every secret that does not work
 */
export function undoEmailChange(ctx: Context, { secret }: UndoEmailChangeInput) {
  return transaction(ctx, async (tx) => {
    const now = tx.clock.now();
    const [account] = await tx.sql.query(lockByUndoSecret, [undoHash(secret)]);
    if (!account) throw invalidOtp(INVALID_UNDO);
    const { id, email: from, oldEmail: to, changeId, changedAt } = account;
    await tx.sql.query(evictUnverified, [to, id]);
    const [undone] = await tx.sql.query(restoreAddress, [changeId, now, from]);
    // Rolls back the eviction too.
    if (!undone) throw invalidOtp(INVALID_UNDO);
    await removeRecentFactors(tx, account, to, changedAt);
    await forgetClients(tx, id, changedAt);
    await endEverySession(tx, account, null, 'undo');
    await revokeOwnKeys(tx, { id, email: to }, 'undoEmailChange');
    for (const email of new Set([to, from])) {
      await enqueueMail(tx, { ...account, email }, { about: 'EMAIL_CHANGE_UNDONE' });
    }
    record(tx, 'EMAIL_CHANGE_UNDONE', { id, email: to }, { from, to });
    return { detail: 'E-mail address restored' };
  });
}
