import type { Account, Role } from './account.entity.ts';

/** What an account shows of itself. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly hasPassword: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly role: Role;
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
}

/** The account must have been loaded with its password hash. */
export function userOf(account: Account): User {
  return {
    id: account.id,
    email: account.email,
    emailVerified: account.emailVerifiedAt != null,
    hasPassword: account.passwordHash != null,
    firstName: account.firstName ?? null,
    lastName: account.lastName ?? null,
    role: account.role,
    createdAt: account.createdAt,
    lastLoginAt: account.lastLoginAt ?? null,
  };
}

/** The signed-in account, and the session of its access token. */
export interface Viewer {
  readonly user: User;
  readonly sessionId: string;
}
