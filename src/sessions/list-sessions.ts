import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { Session } from './session.entity.ts';

/** A signed-in device, as its owner sees it. */
export interface LiveSession {
  readonly id: string;
  readonly createdAt: Date;
  /** When its tokens were last renewed. */
  readonly lastUsedAt: Date;
  /** When it ends unless it is used before. */
  readonly expiresAt: Date;
  /** Where it was opened. */
  readonly ipAddress: string;
  readonly userAgent: string;
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** The live sessions of the account that is signed in, the one used last first. */
export async function listSessions(ctx: Context, viewer: Viewer): Promise<LiveSession[]> {
  const sessions = await ctx.em.find(
    Session,
    { account: viewer.user.id, endedAt: null, idleExpiresAt: { $gt: ctx.clock.now() } },
    { orderBy: { lastUsedAt: 'desc', id: 'desc' } },
  );
  return sessions.map(({ id, createdAt, lastUsedAt, idleExpiresAt, ipAddress, userAgent }) => ({
    id,
    createdAt,
    lastUsedAt,
    expiresAt: idleExpiresAt,
    ipAddress,
    userAgent,
    current: id === viewer.sessionId,
  }));
}
