import type { User, Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';

/** As the driver gives it: times are texts. */
type Row = Omit<User, 'createdAt' | 'lastLoginAt'> & {
  readonly createdAt: string;
  readonly lastLoginAt: string | null;
};

/**
 * Whom an access token stands for. One statement loads the account and demands that the session
 * is live and the token's key still good, so what has ended is refused at once, by every process.
 */
export async function authenticate(ctx: Context, accessToken: string): Promise<Viewer | undefined> {
  const now = ctx.clock.now();
  const claims = await ctx.tokens.readAccess(accessToken, now);
  if (!claims) return undefined;
  const [row] = await ctx.em.execute<Row[]>(
    `select a.id, a.email, a.email_verified_at is not null as "emailVerified",
       a.password_hash is not null as "hasPassword", a.first_name as "firstName",
       a.last_name as "lastName", a.role, a.created_at as "createdAt",
       a.last_login_at as "lastLoginAt"
     from sessions s join accounts a on a.id = s.account_id join signing_keys k on k.kid = ?
     where s.id = ? and s.account_id = ? and s.ended_at is null and s.idle_expires_at > ?
       and k.dropped_at is null and (k.verifies_until is null or k.verifies_until > ?)`,
    [claims.kid, claims.sid, claims.sub, now, now],
  );
  if (!row) return undefined;
  const createdAt = new Date(row.createdAt);
  const lastLoginAt = row.lastLoginAt === null ? null : new Date(row.lastLoginAt);
  return { user: { ...row, createdAt, lastLoginAt }, sessionId: claims.sid };
}
