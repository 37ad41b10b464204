import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { AuthError, FACTOR_NOT_FOUND } from '../errors/auth-error.ts';
import { replaceRecoveryCodes } from '../factors/recovery-codes.ts';
import { enqueueMail, transaction } from '../outbox/transaction.ts';
import { lockSteppedUp } from '../sessions/lock-stepped-up.ts';
import type { EnrolledFactor } from './confirm-totp.ts';

/**
 * Replaces all recovery codes by ten new ones, which are shown once. Requires a step-up.
 *
 * @throws AuthError NOT_FOUND if the account has no factor
 */
export function renewRecoveryCodes(ctx: Context, viewer: Viewer) {
  return transaction(ctx, async (tx): Promise<EnrolledFactor> => {
    const account = await lockSteppedUp(tx, viewer);
    if (!account.factorsSince) throw new AuthError('NOT_FOUND', FACTOR_NOT_FOUND);
    const recoveryCodes = await replaceRecoveryCodes(tx.sql, account.id, tx.clock.now());
    await enqueueMail(tx, account, { about: 'RECOVERY_CODES_RENEWED' });
    record(tx, 'RECOVERY_CODES_RENEWED', account, { sessionId: viewer.sessionId });
    return { detail: 'Recovery codes renewed', recoveryCodes };
  });
}
