import type { Context } from '../context.ts';

/**
 * Whether the session `s` of the account `a` is protected by a factor, in SQL. Once the account has a
 * second factor, every session is. A passkey protects only the sessions that were opened with it, or
 * added it: a mailed code still signs in beside it.
 */
export const isProtected = `(a.factors_since is not null or ('mfa' = any(s.amr) and exists (
    select from passkeys p where p.account_id = a.id)))`;

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
