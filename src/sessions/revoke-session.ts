import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { AuthError } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import { revokeSessions } from './end-sessions.ts';

export interface RevokedSessions {
  readonly detail: string;
  readonly ids: readonly string[];
}

/**
 * Ends one session of the account that is signed in, this one or another.
 *
 * @throws AuthError NOT_FOUND, alike for one that has ended, one of somebody else, and none
 */
export async function revokeSession(
  ctx: Context,
  viewer: Viewer,
  { id }: { readonly id: string },
): Promise<RevokedSessions> {
  const ids = await transaction(ctx, async (tx) =>
    revokeSessions(tx, await lockViewer(tx, viewer), 'id::text = ?', [id]),
  );
  if (ids.length === 0) throw new AuthError('NOT_FOUND', 'There is no such session');
  return { detail: 'Session ended', ids };
}

/** Ends all sessions of the account that is signed in but this one. */
export async function revokeOtherSessions(ctx: Context, viewer: Viewer): Promise<RevokedSessions> {
  const ids = await transaction(ctx, async (tx) =>
    revokeSessions(tx, await lockViewer(tx, viewer), 'id <> ?', [viewer.sessionId]),
  );
  return { detail: 'Other sessions ended', ids };
}
