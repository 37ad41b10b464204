import { findAddressToHash } from '../accounts/find-address.ts';
import { lockViewer } from '../accounts/lock-viewer.ts';
import { passwordProblem } from '../accounts/password-policy.ts';
import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { badUserInput } from '../errors/auth-error.ts';
import { enqueueMail } from '../outbox/enqueue.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import { endEverySession } from '../sessions/end-sessions.ts';
import { checkCurrentPassword, setWrongPasswords, wrongPassword } from './current-password.ts';
import type { ChangePasswordInput } from './password-inputs.ts';

/**
 * Changes the password after checking the current one. Ends all other sessions and all live codes,
 * and notifies the owner (ASVS 5.0 6.2.3, 6.3.7). An account without a password gets the error of a
 * wrong one; its first password is set by a reset.
 *
 * @throws AuthError BAD_USER_INPUT, also for a wrong current password, which counts as one of
 *   login's; LOCKED after too many; UNAUTHENTICATED once they have ended the session
 */
export async function changePassword(
  ctx: Context,
  viewer: Viewer,
  { currentPassword, newPassword }: ChangePasswordInput,
): Promise<{ detail: string }> {
  const { email } = viewer.user;
  const problem = passwordProblem(newPassword, email);
  if (problem) throw badUserInput({ newPassword: [problem] });

  const { known, place } = await findAddressToHash(ctx, email);
  using _place = place;
  const { stored, settle } = await checkCurrentPassword(ctx, viewer, currentPassword, known);
  const passwordHash = await ctx.passwords.hash(newPassword);
  const changed = await transaction(ctx, (tx) => replace(tx, viewer, stored, passwordHash));
  // Somebody has changed it meanwhile.
  if (!changed) throw wrongPassword();
  await settle();
  return { detail: 'Password changed' };
}

async function replace(
  tx: Transaction,
  viewer: Viewer,
  stored: string,
  passwordHash: string,
): Promise<boolean> {
  const account = await lockViewer(tx, viewer);
  if (account.passwordHash !== stored) return false;
  const { sessionId } = viewer;
  account.passwordHash = passwordHash;
  await setWrongPasswords(tx, viewer, 0);
  await endEverySession(tx, account, sessionId);
  await enqueueMail(tx, account.email, { about: 'PASSWORD_CHANGED' });
  record(tx, 'PASSWORD_CHANGED', account.email, { sessionId });
  return true;
}
