import { lockViewer } from '../accounts/lock-viewer.ts';
import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { AuthError } from '../errors.ts';
import { transaction } from '../outbox/transaction.ts';
import { revokeSessions } from './end-sessions.ts';

/**
 * Ends one session of the account that is signed in, this one or another.
 *
 * @throws AuthError NOT_FOUND, alike for one that has ended, one of somebody else, and none
 */
export async function revokeSession(
  ctx: Context,
  viewer: Viewer,
  { id }: { readonly id: string },
): Promise<{ detail: string }> {
  const count = await transaction(ctx, async (tx) =>
    revokeSessions(tx, await lockViewer(tx, viewer), 'id::text = ?', [id]),
  );
  if (count === 0) throw new AuthError('NOT_FOUND', 'There is no such session');
  return { detail: 'Session ended' };
}

/** Ends all sessions of the account that is signed in but this one. */
export async function revokeOtherSessions(
  ctx: Context,
  viewer: Viewer,
): Promise<{ detail: string }> {
  await transaction(ctx, async (tx) =>
    revokeSessions(tx, await lockViewer(tx, viewer), 'id <> ?', [viewer.sessionId]),
  );
  return { detail: 'Other sessions ended' };
}
