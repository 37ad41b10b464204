import type { Context } from '../context.ts';

/**
 * The rows that a reader may see: all, or those of an account since it was created, and those of its
 * address since it was verified.
 */
export type AuditReader = 'everybody' | (User & { readonly verifiedAt: Date });

interface User {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly createdAt: Date;
}

/** Returns the rows that a signed-in user may see. */
export async function readerOf(ctx: Context, user: User): Promise<AuditReader> {
  if (user.role === 'ADMIN') return 'everybody';
  const [row] = await ctx.em.execute<{ at: string | null }[]>(
    'select email_verified_at as at from accounts where id = ?',
    [user.id],
  );
  return { ...user, verifiedAt: row?.at ? new Date(row.at) : ctx.clock.now() };
}
