import type { Context } from '../context.ts';

/** Whether the account `a` has a second factor, in SQL: then no session opens without it. */
export const isProtected = '(a.factors_since is not null)';

/** A session and the role of its account, as found now. */
interface Found {
  readonly role: string;
  readonly isProtected: boolean;
}

/** Returns whether `REQUIRE_MFA` lets a session only enrol a factor (ASVS 5.0 6.3.3). */
export function mustEnroll({ config }: Pick<Context, 'config'>, found: Found): boolean {
  const { requireMfa } = config;
  if (requireMfa === 'none' || found.isProtected) return false;
  return requireMfa === 'all' || found.role === 'ADMIN';
}
