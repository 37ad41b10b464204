import { countAuditEvents } from '../audit/count-events.ts';
import type { Context } from '../context.ts';
import type { Statement } from '../ports/sql.ts';
import type { ManagedUser } from './managed-user.ts';

/** Numbers of what belongs to a user. */
export interface UserCounts {
  /** Active sessions. */
  readonly sessions: number;
  /** Events that the user may see. At most 100,000. */
  readonly auditEvents: number;
}

const countSessions: Statement<{ sessions: number; verifiedAt: Date }> = {
  name: 'count-sessions',
  text: `select coalesce(a.email_verified_at, $2) as "verifiedAt", (
      select count(*)::int from sessions
      where account_id = a.id and ended_at is null and idle_expires_at > $2
    ) as sessions
    from accounts a where a.id = $1`,
};

/** Counts what belongs to a user. Reads indexes only. */
export async function countUser(ctx: Context, user: ManagedUser): Promise<UserCounts> {
  const now = ctx.clock.now();
  const { id, email, createdAt } = user;
  const [found] = await ctx.sql.query(countSessions, [id, now]);
  const { sessions = 0, verifiedAt = now } = found ?? {};
  const reader = { id, email, role: 'USER', createdAt, verifiedAt };
  const { total } = await countAuditEvents(ctx, reader, {});
  return { sessions, auditEvents: total };
}
