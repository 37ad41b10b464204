import type { Context } from '../context.ts';
import { revokeSessions } from '../sessions/end-sessions.ts';
import type { RevokedSessions } from '../sessions/revoke-session.ts';
import type { Actor } from './actor.ts';
import { changeUser } from './change-user.ts';
import type { UserInput } from './user-inputs.ts';

/** Ends all sessions of a user. */
export const revokeUserSessions = (
  ctx: Context,
  actor: Actor,
  input: UserInput,
): Promise<RevokedSessions> =>
  changeUser(ctx, actor, input, false, async (tx, user) => {
    const ids = await revokeSessions(tx, user, {}, { by: actor.by });
    return { detail: 'Sessions ended', ids };
  });
