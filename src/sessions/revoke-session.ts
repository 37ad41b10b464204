import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { AuthError, SESSION_NOT_FOUND } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import { revokeSessions, type WhichSessions } from './end-sessions.ts';

export interface RevokedSessions {
  readonly detail: string;
  readonly ids: readonly string[];
}

const revoke = (ctx: Context, viewer: Viewer, which: WhichSessions) =>
  transaction(ctx, async (tx) => revokeSessions(tx, await lockViewer(tx, viewer), which));

/** Ends one session of the signed-in account. @throws AuthError NOT_FOUND if it is not active */
export async function revokeSession(ctx: Context, viewer: Viewer, { id }: { readonly id: string }) {
  const ids = await revoke(ctx, viewer, { only: id });
  if (ids.length === 0) throw new AuthError('NOT_FOUND', SESSION_NOT_FOUND);
  return { detail: 'Session ended', ids };
}

/** Ends all sessions of the signed-in account except the current one. */
export async function revokeOtherSessions(ctx: Context, viewer: Viewer): Promise<RevokedSessions> {
  const ids = await revoke(ctx, viewer, { except: viewer.sessionId });
  return { detail: 'Other sessions ended', ids };
}
