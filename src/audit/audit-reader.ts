import type { Context } from '../context.ts';

/**
 * A reader of the log. An `ADMIN` sees all rows; a user those of the account since it was created,
 * and those of its address since it was verified.
 */
export type AuditReader = 'ADMIN' | (User & { readonly verifiedAt: Date });

type Verified = User & { readonly verifiedAt: Date | null };

interface User {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly createdAt: Date;
}

/** Returns what limits the rows of a signed-in user. */
export function readerOf({ clock }: Pick<Context, 'clock'>, user: Verified): AuditReader {
  if (user.role === 'ADMIN') return 'ADMIN';
  return { ...user, verifiedAt: user.verifiedAt ?? clock.now() };
}
