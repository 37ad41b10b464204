import type { Context } from '../context.ts';

/**
 * A reader of the log. An `ADMIN` sees all rows; a user those of the account since it was created,
 * and those of its address since it was verified.
 */
export type AuditReader = 'ADMIN' | (User & { readonly verifiedAt: Date });

interface User {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly createdAt: Date;
}

/** Returns what limits the rows of a signed-in user. */
export async function readerOf(ctx: Context, user: User): Promise<AuditReader> {
  if (user.role === 'ADMIN') return 'ADMIN';
  const [row] = await ctx.em.execute<{ at: string | null }[]>(
    'select email_verified_at as at from accounts where id = ?',
    [user.id],
  );
  return { ...user, verifiedAt: row?.at ? new Date(row.at) : ctx.clock.now() };
}
