import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { Session } from './session.entity.ts';

/** A signed-in device, as its owner sees it. */
export interface LiveSession
  extends Pick<Session, 'id' | 'createdAt' | 'lastUsedAt' | 'ipAddress' | 'userAgent'> {
  /** When it ends unless it is used before. */
  readonly expiresAt: Date;
  /** Whether it is the session of the request. */
  readonly current: boolean;
}

/** Lists the active sessions of the signed-in account, the last used first. */
export async function listSessions(ctx: Context, viewer: Viewer): Promise<LiveSession[]> {
  const sessions = await ctx.em.find(
    Session,
    { account: viewer.user.id, endedAt: null, idleExpiresAt: { $gt: ctx.clock.now() } },
    { orderBy: { lastUsedAt: 'desc', id: 'desc' } },
  );
  return sessions.map(({ id, createdAt, lastUsedAt, idleExpiresAt, ipAddress, userAgent }) => ({
    ...{ id, createdAt, lastUsedAt, ipAddress, userAgent },
    expiresAt: idleExpiresAt,
    current: id === viewer.sessionId,
  }));
}
