import { lockViewer, saveAccount } from '../accounts/lock-account.ts';
import { isSameHash } from '../accounts/password-fingerprint.ts';
import { passwordProblem } from '../accounts/password-policy.ts';
import type { Viewer } from '../accounts/user.ts';
import { verifyPassword } from '../accounts/verify-password.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { badUserInput } from '../errors/auth-error.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import { endEverySession } from '../sessions/end-sessions.ts';
import { forgetLaterClients } from '../sessions/forget-clients.ts';
import { resetWrongPasswords } from '../sessions/session-statements.ts';
import { countInSession } from './count-in-session.ts';
import type { ChangePasswordInput } from './password-inputs.ts';

const wrong = () => badUserInput({ currentPassword: ['The current password is wrong.'] });

/**
 * Changes the password after checking the current one. Ends all other sessions and all active codes,
 * and notifies the owner (ASVS 5.0 6.2.3, 6.3.7).
 */
export async function changePassword(ctx: Context, viewer: Viewer, input: ChangePasswordInput) {
  const { currentPassword, newPassword } = input;
  const { email } = viewer.user;
  const problem = passwordProblem(newPassword, email);
  if (problem) throw badUserInput({ newPassword: [problem] });
  const check = countInSession(ctx, viewer, 'changePassword', wrong);
  using verified = await verifyPassword(ctx, email, currentPassword, check);
  const newHash = await ctx.passwords.hash(newPassword);
  const isReplaced = await transaction(ctx, (tx) =>
    replace(tx, viewer, verified.passwordHash, newHash),
  );
  if (!isReplaced) throw wrong();
  // Nothing waits for it: a lost refund stays counted.
  void verified.settle();
  return { detail: 'Password changed' };
}

/** @returns false if another request has changed the password in the meantime */
async function replace(tx: Transaction, viewer: Viewer, oldHash: string, newHash: string) {
  const account = await lockViewer(tx, viewer);
  // A concurrent sign-in may have put its parameters in order.
  if (!isSameHash(account.passwordHash, oldHash)) return false;
  const { sessionId } = viewer;
  account.passwordHash = newHash;
  await saveAccount(tx, account);
  await tx.sql.query(resetWrongPasswords, [sessionId]);
  await endEverySession(tx, account, sessionId);
  await forgetLaterClients(tx, account.id);
  await enqueueMail(tx, account, { about: 'PASSWORD_CHANGED' });
  record(tx, 'PASSWORD_CHANGED', account, { sessionId });
  return true;
}
