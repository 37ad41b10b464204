import type { Context } from '../context.ts';

/** The account of a session, as found now. With a factor, a session needs it, or a trusted device. */
interface Found {
  readonly role: string;
  readonly hasFactor: boolean;
}

/** Returns whether `REQUIRE_MFA` lets a session only enrol a factor (ASVS 5.0 6.3.3). */
export function mustEnroll({ config }: Pick<Context, 'config'>, found: Found): boolean {
  const { requireMfa } = config;
  if (requireMfa === 'none' || found.hasFactor) return false;
  return requireMfa === 'all' || found.role === 'ADMIN';
}
