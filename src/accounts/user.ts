import type { Account } from './account.entity.ts';
import type { AccountRow } from './account-statements.ts';

/** Public data of an account. */
export interface User extends Readonly<Pick<Account, 'id' | 'email' | 'role' | 'createdAt'>> {
  readonly emailVerified: boolean;
  readonly hasPassword: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly lastLoginAt: Date | null;
}

/** Returns the public data of an account that was loaded with its password hash. */
export function userOf(account: Account | AccountRow): User {
  const { id, email, role, createdAt, firstName, lastName, lastLoginAt } = account;
  return {
    ...{ id, email, role, createdAt },
    emailVerified: account.emailVerifiedAt != null,
    hasPassword: account.passwordHash != null,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    lastLoginAt: lastLoginAt ?? null,
  };
}

/** The signed-in account, and the session of its access token. */
export interface Viewer {
  readonly user: User;
  readonly sessionId: string;
}
