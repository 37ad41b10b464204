import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { AuthError, FACTOR_NOT_FOUND } from '../errors/auth-error.ts';
import { deleteTotp } from '../factors/totp-statements.ts';
import { transaction } from '../outbox/transaction.ts';
import { lockSteppedUp } from '../sessions/lock-stepped-up.ts';
import { afterRemoval } from './after-enrolment.ts';

/** Removes the authenticator app. Requires a step-up. @throws AuthError NOT_FOUND if there is none */
export function removeTotp(ctx: Context, viewer: Viewer) {
  return transaction(ctx, async (tx) => {
    const account = await lockSteppedUp(tx, viewer);
    const [removed] = await tx.sql.query(deleteTotp, [account.id, null]);
    if (!removed?.isConfirmed) throw new AuthError('NOT_FOUND', FACTOR_NOT_FOUND);
    await afterRemoval(tx, account, { factor: 'TOTP', sessionId: viewer.sessionId });
    return { detail: 'Authenticator app removed' };
  });
}
