import type { Role } from '../accounts/account.entity.ts';
import type { User } from '../accounts/user.ts';
import type { Context } from '../context.ts';

/** Who is signed in, and through which session. */
export interface Viewer {
  readonly user: User;
  readonly sessionId: string;
}

interface Row {
  readonly id: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly has_password: boolean;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly role: Role;
  readonly created_at: Date;
  readonly last_login_at: Date | null;
}

/**
 * Whom an access token stands for. One statement loads the account and demands that the session
 * is live, so an ended session is refused at once, by every process.
 */
export async function authenticate(ctx: Context, accessToken: string): Promise<Viewer | undefined> {
  const now = ctx.clock.now();
  const claims = await ctx.tokens.readAccess(accessToken, now);
  if (!claims) return undefined;
  const [row] = await ctx.em.execute<Row[]>(
    `select a.id, a.email, a.email_verified_at is not null as email_verified,
       a.password_hash is not null as has_password, a.first_name, a.last_name, a.role,
       a.created_at, a.last_login_at
     from sessions s join accounts a on a.id = s.account_id
     where s.id = ? and s.account_id = ?
       and s.ended_at is null and s.idle_expires_at > ? and s.expires_at > ?`,
    [claims.sid, claims.sub, now, now],
  );
  return row && { user: userOfRow(row), sessionId: claims.sid };
}

function userOfRow(row: Row): User {
  return {
    id: row.id,
    email: row.email,
    emailVerified: row.email_verified,
    hasPassword: row.has_password,
    firstName: row.first_name,
    lastName: row.last_name,
    role: row.role,
    createdAt: new Date(row.created_at),
    lastLoginAt: row.last_login_at && new Date(row.last_login_at),
  };
}
