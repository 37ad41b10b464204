import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidToken } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import { countEnds } from './end-sessions.ts';
import type { LogoutInput } from './session-inputs.ts';
import { endOpenSession } from './session-statements.ts';

/**
 * Ends the session of the refresh token, or else of the access token. The refresh token alone is
 * enough, because the access token may have expired. An ended session is no error (RFC 7009 §2.2).
 */
export async function logout(ctx: Context, viewer: Viewer | undefined, input: LogoutInput) {
  const { refreshToken } = input;
  const sessionId =
    refreshToken == null
      ? viewer?.sessionId
      : ctx.tokens.readRefresh(refreshToken, ctx.clock.now())?.sid;
  if (!sessionId) throw invalidToken();
  await transaction(ctx, async (tx) => {
    const [ended] = await tx.sql.query(endOpenSession, [sessionId, tx.clock.now()]);
    if (!ended) return;
    record(tx, 'LOGGED_OUT', ended, { sessionId });
    countEnds(tx, 'logout');
  });
  return { detail: 'Logged out' };
}
