import { statusColumn, type UserStatus } from '../accounts/account.entity.ts';
import type { User } from '../accounts/user.ts';

/** A user as administrators see it. */
export interface ManagedUser extends User {
  readonly status: UserStatus;
  readonly disabledAt: Date | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Columns of a user, for the account `a`. */
export const managedColumns = `a.id, a.email, a.role, a.created_at as "createdAt",
  a.email_verified_at is not null as "emailVerified", a.password_hash is not null as "hasPassword",
  a.factors_since is not null as "hasFactor",
  a.first_name as "firstName", a.last_name as "lastName", a.last_login_at as "lastLoginAt",
  a.locale, ${statusColumn} as status, a.disabled_at as "disabledAt", a.metadata`;
