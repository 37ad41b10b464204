import type { AccountRow } from './account-statements.ts';

/** Public data of an account. */
export interface User
  extends Readonly<Pick<AccountRow, 'id' | 'email' | 'role' | 'createdAt' | 'locale'>> {
  readonly emailVerified: boolean;
  /** When the address was verified. */
  readonly verifiedAt: Date | null;
  readonly hasPassword: boolean;
  /** Whether a second factor completes each sign-in. */
  readonly hasFactor: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly lastLoginAt: Date | null;
}

/** Returns the public data of an account that was loaded with its password hash. */
export function userOf(account: AccountRow): User {
  const { id, email, role, createdAt, firstName, lastName, lastLoginAt, locale } = account;
  return {
    ...{ id, email, role, createdAt, firstName, lastName, lastLoginAt, locale },
    emailVerified: account.emailVerifiedAt !== null,
    verifiedAt: account.emailVerifiedAt,
    hasPassword: account.passwordHash !== null,
    hasFactor: account.factorsSince !== null,
  };
}

/** The signed-in account, and the session of its access token. */
export interface Viewer {
  readonly user: User;
  readonly sessionId: string;
  /** Whether the session may only enrol a factor, by `REQUIRE_MFA`. */
  readonly mustEnroll: boolean;
  /** When the access token expires, as Unix time in seconds. */
  readonly expiresAt: number;
}
