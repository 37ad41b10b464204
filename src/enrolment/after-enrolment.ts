import type { AccountRow } from '../accounts/account-statements.ts';
import { record } from '../audit/record.ts';
import { createUndoSecret } from '../challenges/undo-secret.ts';
import type { FactorName } from '../errors/auth-error.ts';
import { cancelReset } from '../factors/cancel-reset.ts';
import { dropBackups } from '../factors/enrolled-factors.ts';
import {
  addMethods,
  insertFactorChange,
  saveFactorsSince,
} from '../factors/factor-change-statements.ts';
import { replaceRecoveryCodes } from '../factors/recovery-codes.ts';
import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import type { AuthMethod } from '../ports/tokens.ts';
import { endEverySession } from '../sessions/end-sessions.ts';
import { forgetLaterClients } from '../sessions/forget-clients.ts';
import { saveStepUp } from '../sessions/session-statements.ts';
import { endTrust } from '../trusted-devices/end-trust.ts';

/** Milliseconds for which the owner can undo a first enrolment. */
const UNDO_FOR = 7 * 24 * 60 * 60 * 1000;

/** Passkeys have notices of their own. */
const isPasskey = (factor: FactorName): boolean => factor === 'PASSKEY';

/** A factor that a session has just enrolled. */
interface Enrolled {
  readonly factor: FactorName;
  readonly amr: readonly AuthMethod[];
  readonly sessionId: string;
}

/**
 * Completes the enrolment of a factor of a locked account, in the transaction that stores it. The
 * first one ends all other sessions and all codes, brings recovery codes, and mails the owner a
 * secret that undoes it within 7 days: a thief of the mailbox could have enrolled it. Any further one
 * ends the trust in all devices.
 *
 * @returns the recovery codes of a first factor, which are shown once; none for further ones
 */
export async function afterEnrolment(
  tx: Transaction,
  account: AccountRow,
  { factor, amr, sessionId }: Enrolled,
): Promise<readonly string[]> {
  const now = tx.clock.now();
  const { id } = account;
  const isFirst = account.factorsSince === null;
  await tx.sql.query(addMethods, [sessionId, [...amr, 'mfa']]);
  await tx.sql.query(saveStepUp, [sessionId, now]);
  await cancelReset(tx, account);
  record(tx, 'FACTOR_ENROLLED', account, { factor, sessionId, ...(isFirst && { first: true }) });
  if (!isFirst) {
    await endTrust(tx, id);
    await enqueueMail(tx, account, { about: isPasskey(factor) ? 'PASSKEY_ADDED' : 'FACTOR_ADDED' });
    return [];
  }
  account.factorsSince = now;
  await tx.sql.query(saveFactorsSince, [id, now]);
  await endEverySession(tx, account, sessionId, 'factor');
  await forgetLaterClients(tx, id);
  const { undoUrl, hash } = createUndoSecret(tx.config, '/factors/undo');
  const end = new Date(now.getTime() + UNDO_FOR);
  await tx.sql.query(insertFactorChange, [id, 'ENROLLED', hash, id, now, end]);
  await enqueueMail(tx, account, { about: 'FACTOR_ENROLLED', undoUrl });
  return replaceRecoveryCodes(tx.sql, id, now);
}

/**
 * Completes the removal of a factor of a locked account, in the transaction that deletes it. Ends the
 * trust in all devices. Removing the last factor also removes the recovery codes.
 */
export async function afterRemoval(
  tx: Transaction,
  account: AccountRow,
  { factor, sessionId }: Omit<Enrolled, 'amr'>,
): Promise<void> {
  await cancelReset(tx, account);
  await endTrust(tx, account.id);
  await dropBackups(tx, account);
  await enqueueMail(tx, account, {
    about: isPasskey(factor) ? 'PASSKEY_REMOVED' : 'FACTOR_REMOVED',
  });
  record(tx, 'FACTOR_REMOVED', account, { factor, sessionId });
}
