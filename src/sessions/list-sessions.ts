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

/**
 * Lists the active sessions of an account, the last used first.
 *
 * @param current id of the session of the request, if it is one of them
 */
export async function listSessions(
  ctx: Pick<Context, 'em' | 'clock'>,
  accountId: string,
  current?: string,
): Promise<LiveSession[]> {
  const sessions = await ctx.em.find(
    Session,
    { account: accountId, endedAt: null, idleExpiresAt: { $gt: ctx.clock.now() } },
    { orderBy: { lastUsedAt: 'desc', id: 'desc' } },
  );
  return sessions.map(({ id, createdAt, lastUsedAt, idleExpiresAt, ipAddress, userAgent }) => ({
    ...{ id, createdAt, lastUsedAt, ipAddress, userAgent },
    expiresAt: idleExpiresAt,
    current: id === current,
  }));
}
