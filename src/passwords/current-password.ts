import { lockViewer } from '../accounts/lock-viewer.ts';
import type { Viewer } from '../accounts/user.ts';
import { recordFailure } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { badUserInput, unauthenticated } from '../errors/auth-error.ts';
import { enqueueMail } from '../outbox/enqueue.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { RateLimit, RateLimitExceeded } from '../ports/rate-limits.ts';
import { wrongPasswords } from '../rate-limits/password-limits.ts';
import { refuse } from '../rate-limits/reject.ts';
import { revokeSessions } from '../sessions/end-sessions.ts';

/** A current password that has been checked. */
export interface CheckedPassword {
  /** The hash that it was compared with. */
  readonly stored: string;
  /** Refunds the attempts. Call it after the commit of the operation. */
  readonly settle: () => Promise<void>;
}

type Attempt =
  | { readonly compare: string | null; readonly isLast: boolean }
  | { readonly refusal: RateLimitExceeded }
  | 'over';

export const wrongPassword = () =>
  badUserInput({ currentPassword: ['This is not your password.'] });

/**
 * Checks the current password of the signed-in account. A caller with an access token has the same
 * limits as one without. After too many wrong passwords in one session, ends the session and
 * notifies the owner, because the session is probably stolen.
 *
 * @param known whether the client is known to the address
 * @throws AuthError BAD_USER_INPUT for a wrong one, LOCKED, UNAUTHENTICATED
 */
export async function checkCurrentPassword(
  ctx: Context,
  viewer: Viewer,
  password: string,
  known: boolean,
): Promise<CheckedPassword> {
  const { email } = viewer.user;
  const limits = wrongPasswords(ctx, known);
  // Concurrent guesses wait here. Otherwise each would hold a connection while it waits for a lock.
  const attempt = await ctx.keyedMutex.run(viewer.sessionId, () =>
    transaction(ctx, (tx) => countAttempt(tx, viewer, limits)),
  );
  if (attempt === 'over') throw unauthenticated(true);
  if ('refusal' in attempt) return refuse(ctx, 'LOGIN_LOCKED', email, attempt.refusal);
  const { compare: stored, isLast } = attempt;
  if ((await ctx.passwords.verify(stored, password)) && stored !== null) {
    return { stored, settle: () => ctx.rateLimits.refund(email, limits) };
  }
  await transaction(ctx, async (tx) => {
    await recordFailure(tx, 'LOGIN_FAILED', email, { by: 'changePassword' });
    if (isLast) await endGuessedSession(tx, viewer);
  });
  throw wrongPassword();
}

/** Counts before the comparison, in one step, so that concurrent guesses cannot pass together. */
async function countAttempt(
  tx: Transaction,
  viewer: Viewer,
  limits: readonly RateLimit[],
): Promise<Attempt> {
  const account = await lockViewer(tx, viewer);
  const [{ wrong }] = await tx.em.execute<[{ wrong: number }]>(
    'select wrong_passwords as wrong from sessions where id = ?',
    [viewer.sessionId],
  );
  const most = tx.config.wrongPasswordsOfSession;
  if (wrong >= most) {
    await endGuessedSession(tx, viewer);
    return 'over';
  }
  const refusal = await tx.rateLimits.consume(account.email, limits, tx.client.prefix);
  if (refusal) return { refusal };
  await setWrongPasswords(tx, viewer, wrong + 1);
  return { compare: account.passwordHash ?? null, isLast: wrong + 1 === most };
}

/** Sets the number of consecutive wrong current passwords of a session. */
export async function setWrongPasswords(
  tx: Transaction,
  { sessionId }: Viewer,
  count: number,
): Promise<void> {
  await tx.em.execute('update sessions set wrong_passwords = ? where id = ?', [count, sessionId]);
}

async function endGuessedSession(tx: Transaction, { user, sessionId }: Viewer): Promise<void> {
  const cause = { by: 'wrongPasswords' };
  const ended = await revokeSessions(tx, user, 'id = ?', [sessionId], cause);
  if (ended.length > 0) await enqueueMail(tx, user.email, { about: 'WRONG_PASSWORDS' });
}
