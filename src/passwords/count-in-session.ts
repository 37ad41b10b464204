import type { Viewer } from '../accounts/user.ts';
import type { PasswordCheck } from '../accounts/verify-password.ts';
import type { Context } from '../context.ts';
import { unauthenticated } from '../errors/auth-error.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import { revokeSessions } from '../sessions/end-sessions.ts';
import { countWrongPassword } from '../sessions/session-statements.ts';
import { endTrust } from '../trusted-devices/end-trust.ts';

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
  const most = ctx.config.wrongPasswordsOfSession;
  let count = 0;
  return {
    wrong,
    metadata: { by },
    async count() {
      const counted = await countOne(ctx, viewer);
      if (counted) count = counted;
      else {
        await transaction(ctx, (tx) => endSession(tx, viewer));
        throw unauthenticated(true);
      }
    },
    async onWrong(tx) {
      if (count === most) await endSession(tx, viewer);
    },
  };
}

/**
 * Counts a wrong code of an authenticator app like a wrong password of the session, whose account is
 * locked. Otherwise a stolen access token could use up all guesses of the account.
 */
export async function countWrongCode(tx: Transaction, viewer: Viewer): Promise<void> {
  const count = await countOne(tx, viewer);
  if (count === undefined || count === tx.config.wrongPasswordsOfSession) {
    await endSession(tx, viewer);
  }
}

/** @returns undefined if the session had too many before, or is over */
async function countOne(
  { sql, clock, config }: Pick<Context, 'sql' | 'clock' | 'config'>,
  { user, sessionId }: Viewer,
): Promise<number | undefined> {
  const values = [sessionId, user.id, clock.now(), config.wrongPasswordsOfSession];
  const [session] = await sql.query(countWrongPassword, values);
  return session?.count;
}

async function endSession(tx: Transaction, { user, sessionId }: Viewer): Promise<void> {
  const cause = { by: 'wrongPasswords' };
  const ended = await revokeSessions(tx, user, { only: sessionId }, cause);
  if (ended.length === 0) return;
  await endTrust(tx, user.id, { copiedWith: sessionId });
  await enqueueMail(tx, user, { about: 'WRONG_PASSWORDS' });
}
