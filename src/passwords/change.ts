import { Account } from '../accounts/account.entity.ts';
import { lockViewer } from '../accounts/lock-viewer.ts';
import { passwordProblem } from '../accounts/password-policy.ts';
import type { Viewer } from '../accounts/user.ts';
import { record, recordFailure } from '../audit/record.ts';
import { refuse } from '../audit/refuse.ts';
import type { Context } from '../context.ts';
import { badUserInput } from '../errors.ts';
import { putMail } from '../outbox/put.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import { wrongPasswords } from '../sessions/budgets.ts';
import { endEverySession } from '../sessions/end-sessions.ts';

export interface ChangePasswordInput {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/**
 * Sets a new password for who knows the current one. All other sessions and all live codes end, and
 * the owner is told (ASVS 5.0 6.2.3, 6.3.7). An account without a password answers as if the
 * current one were wrong: it gets its first by reset.
 *
 * @throws AuthError BAD_USER_INPUT, for the current password too, which counts with login's wrong
 *   ones; LOCKED after too many
 */
export async function changePassword(
  ctx: Context,
  viewer: Viewer,
  { currentPassword, newPassword }: ChangePasswordInput,
): Promise<{ detail: string }> {
  const { id, email } = viewer.user;
  const problem = passwordProblem(newPassword, email);
  if (problem) throw badUserInput({ newPassword: [problem] });

  using _place = ctx.passwords.reserve(true);
  const account = await ctx.em.findOne(Account, { id }, { populate: ['passwordHash'] });
  // Who is signed in is no stranger, wherever they have gone since.
  const budgets = wrongPasswords(ctx, true);
  const refusal = await ctx.budgets.take(email, budgets, ctx.client.prefix);
  if (refusal) return refuse(ctx, 'LOGIN_LOCKED', email, refusal);

  const stored = account?.passwordHash ?? null;
  if (!(await ctx.passwords.verify(stored, currentPassword))) {
    await transaction(ctx, (tx) => recordFailure(tx, 'LOGIN_FAILED', email, BY));
    throw wrongPassword();
  }
  await ctx.budgets.giveBack(email, budgets);
  const passwordHash = await ctx.passwords.hash(newPassword);
  const changed = await transaction(ctx, (tx) => replace(tx, viewer, stored, passwordHash));
  // Somebody has changed it meanwhile.
  if (!changed) throw wrongPassword();
  return { detail: 'Password changed' };
}

const BY = { by: 'changePassword' };

const wrongPassword = () => badUserInput({ currentPassword: ['This is not your password.'] });

async function replace(
  tx: Transaction,
  viewer: Viewer,
  stored: string | null,
  passwordHash: string,
): Promise<boolean> {
  const account = await lockViewer(tx, viewer);
  if (account.passwordHash !== stored) return false;
  const { sessionId } = viewer;
  account.passwordHash = passwordHash;
  await endEverySession(tx, account, sessionId);
  await putMail(tx, account.email, { about: 'PASSWORD_CHANGED' });
  record(tx, 'PASSWORD_CHANGED', account.email, { sessionId });
  return true;
}
