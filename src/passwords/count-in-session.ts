import type { Viewer } from '../accounts/user.ts';
import type { PasswordCheck } from '../accounts/verify-password.ts';
import type { Context } from '../context.ts';
import { unauthenticated } from '../errors/auth-error.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import { revokeSessions } from '../sessions/end-sessions.ts';
import { countWrongPassword } from '../sessions/session-statements.ts';

/**
 * Counts consecutive wrong passwords of the session too. After too many, the access token is
 * probably stolen: ends the session and notifies the owner.
 */
export function countInSession(
  ctx: Context,
  viewer: Viewer,
  by: 'changePassword' | 'stepUp',
  wrong: PasswordCheck['wrong'],
): PasswordCheck {
  const { user, sessionId } = viewer;
  const most = ctx.config.wrongPasswordsOfSession;
  let count = 0;
  const end = async (tx: Transaction) => {
    const cause = { by: 'wrongPasswords' } as const;
    const ended = await revokeSessions(tx, user, { only: sessionId }, cause);
    if (ended.length > 0) await enqueueMail(tx, user, { about: 'WRONG_PASSWORDS' });
  };
  return {
    wrong,
    metadata: { by },
    async count() {
      const values = [sessionId, user.id, ctx.clock.now(), most];
      const [session] = await ctx.sql.query(countWrongPassword, values);
      if (session) ({ count } = session);
      else {
        await transaction(ctx, end);
        throw unauthenticated(true);
      }
    },
    async onWrong(tx) {
      if (count === most) await end(tx);
    },
  };
}
