import type { User, Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';

/** The row as the driver returns it, with times as text. */
type Row = Omit<User, 'createdAt' | 'lastLoginAt'> & {
  readonly createdAt: string;
  readonly lastLoginAt: string | null;
};

/**
 * Returns the account and session of an access token. One statement checks session and signing key
 * too, so that every process rejects ended ones immediately.
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
  const lastLoginAt = row.lastLoginAt === null ? null : new Date(row.lastLoginAt);
  const user = { ...row, createdAt: new Date(row.createdAt), lastLoginAt };
  return { user, sessionId: claims.sid };
}
