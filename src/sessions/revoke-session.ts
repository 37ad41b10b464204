import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { AuthError, SESSION_NOT_FOUND } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import { revokeSessions, type WhichSessions } from './end-sessions.ts';
import { forgetLaterClients } from './forget-clients.ts';

export interface RevokedSessions {
  readonly detail: string;
  readonly ids: readonly string[];
}

const revoke = (ctx: Context, viewer: Viewer, which: WhichSessions, only?: string) =>
  transaction(ctx, async (tx) => {
    const account = await lockViewer(tx, viewer);
    const ids = await revokeSessions(tx, account, which);
    if (ids.length > 0 || only === undefined) await forgetLaterClients(tx, account.id, only);
    return ids;
  });

/** Ends one session of the signed-in account. @throws AuthError NOT_FOUND if it is not active */
export async function revokeSession(ctx: Context, viewer: Viewer, { id }: { readonly id: string }) {
  const ids = await revoke(ctx, viewer, { only: id }, id);
  if (ids.length === 0) throw new AuthError('NOT_FOUND', SESSION_NOT_FOUND);
  return { detail: 'Session ended', ids };
}

/** Ends all sessions of the signed-in account except the current one. */
export async function revokeOtherSessions(ctx: Context, viewer: Viewer): Promise<RevokedSessions> {
  const ids = await revoke(ctx, viewer, { except: viewer.sessionId });
  return { detail: 'Other sessions ended', ids };
}
