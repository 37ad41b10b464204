import type { AccountRow } from '../accounts/account-statements.ts';
import { saveAccount } from '../accounts/lock-account.ts';
import { revokeOwnKeys } from '../api-keys/revoke-own-keys.ts';
import { record } from '../audit/record.ts';
import { undoHash } from '../challenges/undo-secret.ts';
import type { Context } from '../context.ts';
import { INVALID_UNDO, invalidOtp } from '../errors/auth-error.ts';
import { removeAllFactors } from '../factors/enrolled-factors.ts';
import {
  endFactorChange,
  endFactorChanges,
  lockByFactorSecret,
} from '../factors/factor-change-statements.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import { endEverySession } from '../sessions/end-sessions.ts';
import { forgetClients } from '../sessions/forget-clients.ts';
import type { UndoFactorChangeInput } from './enrolment-inputs.ts';

/**
 * Undoes a first enrolment within 7 days, or cancels a reset before it is due. Needs neither a session
 * nor Redis, and works for a disabled account too, which stays disabled.
 *
 * @throws AuthError INVALID_OTP, for every secret that does not work
 */
export function undoFactorChange(ctx: Context, { secret }: UndoFactorChangeInput) {
  return transaction(ctx, async (tx) => {
    const now = tx.clock.now();
    const [account] = await tx.sql.query(lockByFactorSecret, [undoHash(secret)]);
    if (!account) throw invalidOtp(INVALID_UNDO);
    const { step, changeId, changedAt } = account;
    const [ended] = await tx.sql.query(endFactorChange, [changeId, now]);
    if (!ended) throw invalidOtp(INVALID_UNDO);
    if (step === 'RESET_REQUESTED') {
      record(tx, 'FACTOR_RESET_CANCELLED', account, { by: 'undo' });
      return { detail: 'The factors stay' };
    }
    await undoEnrolment(tx, account, changedAt);
    return { detail: 'The factors were removed' };
  });
}

/**
 * Removes all factors, the password and the API keys, and ends all sessions and codes: whoever enrolled
 * the first factor keeps nothing.
 */
async function undoEnrolment(tx: Transaction, account: AccountRow, since: Date): Promise<void> {
  const { id } = account;
  await removeAllFactors(tx, account);
  await tx.sql.query(endFactorChanges, [id, tx.clock.now(), null]);
  account.passwordHash = null;
  await saveAccount(tx, account);
  await forgetClients(tx, id, since);
  await endEverySession(tx, account, null, 'undo');
  await revokeOwnKeys(tx, account, 'undoFactorChange');
  await enqueueMail(tx, account, { about: 'FACTOR_ENROLMENT_UNDONE' });
  record(tx, 'FACTOR_ENROLMENT_UNDONE', account);
}
