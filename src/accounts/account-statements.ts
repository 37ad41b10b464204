import { isKnownClient } from '../audit/known-client.ts';
import { markFirstSql } from '../challenges/challenge-statements.ts';
import type { Located, LookUp, Statement } from '../ports/sql.ts';
import type { Role } from './account.entity.ts';
import { isReserved } from './reserved-address.ts';

// Every sign-in runs these statements.

export interface AddressRow {
  readonly hasAccount: boolean;
  readonly passwordHash: string | null;
  readonly emailVerified: boolean;
  readonly isReserved: boolean;
  readonly generation: number;
  readonly locale: string | null;
  readonly known: boolean;
}

/** An address, and the client that names it. */
interface NamedAddress {
  readonly email: string;
  readonly client: string;
  readonly now: Date;
}

/**
 * Finds one row with the same columns for every address, so that it always takes the same time. A
 * disabled account looks like none, but reserves its address.
 */
export const findAddresses: LookUp<NamedAddress, AddressRow & Located> = {
  name: 'find-addresses',
  text: `select asked.position::int, a.id is not null as "hasAccount",
      a.password_hash as "passwordHash",
      a.email_verified_at is not null as "emailVerified",
      ${isReserved('asked.email', '$3')}
        or coalesce(found.provisioned or found.disabled_at is not null, false) as "isReserved",
      coalesce(a.challenge_epoch, 0) as generation, a.locale,
      ${isKnownClient('asked.client', '$3')} as known
    from unnest($1::text[], $2::text[]) with ordinality as asked(email, client, position)
      left join accounts found on found.email = asked.email
      left join lateral (select found.* where found.disabled_at is null) a on true`,
  values: (asked) => [
    asked.map(({ email }) => email),
    asked.map(({ client }) => client),
    asked.at(-1)?.now,
  ],
};

/** An account as the statements of a sign-in read and change it. */
export interface AccountRow {
  readonly id: string;
  readonly email: string;
  role: Role;
  readonly createdAt: Date;
  readonly challengeGeneration: number;
  emailVerifiedAt: Date | null;
  passwordHash: string | null;
  firstName: string | null;
  lastName: string | null;
  lastLoginAt: Date | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  locale: string | null;
  /** When the account got its first second factor; null if it has none. */
  factorsSince: Date | null;
}

/** Columns of an account under the alias `a`. */
export const accountColumns = `a.id, a.email, a.role, a.created_at as "createdAt",
  a.challenge_epoch as "challengeGeneration", a.email_verified_at as "emailVerifiedAt",
  a.password_hash as "passwordHash", a.first_name as "firstName", a.last_name as "lastName",
  a.last_login_at as "lastLoginAt", a.metadata, a.locale, a.factors_since as "factorsSince"`;

/** Locks the account of an address until the transaction ends. No row if it is disabled. */
export const lockAccountRow: Statement<AccountRow> = {
  name: 'lock-account',
  text: `select ${accountColumns} from accounts a
    where a.email = $1 and a.disabled_at is null for update`,
};

/** Locks an account until the transaction ends. No row if it is disabled. */
export const lockAccountById: Statement<AccountRow> = {
  name: 'lock-account-by-id',
  text: `select ${accountColumns} from accounts a
    where a.id = $1 and a.disabled_at is null for update`,
};

/** Replaces the password hash `$2` of an address by `$3`. */
export const renewHash: Statement = {
  name: 'renew-hash',
  text: 'update accounts set password_hash = $3 where email = $1 and password_hash = $2',
};

/** Saves what an operation has changed of a locked account. */
export const saveAccountRow: Statement = {
  name: 'save-account',
  text: `update accounts set role = $2, email_verified_at = $3, password_hash = $4, first_name = $5,
      last_name = $6, locale = $7
    where id = $1`,
};

/** Locks an active session of an account until the transaction ends. */
export const lockActiveSession: Statement<{ id: string }> = {
  name: 'lock-active-session',
  text: `select id from sessions
    where id = $1 and account_id = $2 and ended_at is null and idle_expires_at > $3 for update`,
};

/**
 * Creates an account with an id, address and time, and the time of its verification, if any. No row
 * if the address has one or is reserved.
 */
export const createAccount: Statement<AccountRow> = {
  name: 'create-account',
  text: `insert into accounts as a (id, email, role, created_at, email_verified_at)
    select $1::uuid, $2::varchar, 'USER', $3::timestamptz, $4::timestamptz where not ${isReserved('$2', '$3')}
    on conflict (email) do nothing returning ${accountColumns}`,
};

/**
 * Marks challenge `$1` as redeemed at time `$2`, and locks the account of address `$3` unless it is
 * disabled. If there is none, creates it with id `$4` and a verified address if `$5` is true and the
 * address is free. Fails if the challenge was redeemed before. No row if the account is disabled, may
 * not be created, or was just created by a concurrent transaction.
 */
export const lockOrCreateAccount: Statement<AccountRow> = {
  name: 'lock-or-create-account',
  text: `with marked as (${markFirstSql}), found as (
      select ${accountColumns} from accounts a
      where a.email = $3 and a.disabled_at is null for update
    ), created as (
      insert into accounts as a (id, email, role, created_at, email_verified_at)
      select $4::uuid, $3::varchar, 'USER', $2::timestamptz, $2::timestamptz
      where $5::boolean and not exists (select from found) and not ${isReserved('$3', '$2')}
      on conflict (email) do nothing returning ${accountColumns}
    )
    select * from found union all select * from created`,
};

/**
 * Creates an account with a password and names if `$7` allows it and the address is free, or replaces
 * those of an account whose address is neither verified nor reserved. No row if nothing changed.
 */
export const createOrReplaceAccount: Statement<{ id: string }> = {
  name: 'create-or-replace-account',
  text: `insert into accounts (id, email, password_hash, first_name, last_name, role, created_at)
    select $1::uuid, $2::varchar, $3, $4, $5, 'USER', $6::timestamptz
    where $7::boolean and not ${isReserved('$2', '$6')}
    on conflict (email) do update
      set password_hash = excluded.password_hash,
          first_name = excluded.first_name,
          last_name = excluded.last_name,
          created_at = excluded.created_at
      where accounts.email_verified_at is null and accounts.disabled_at is null
        and not accounts.provisioned
    returning id`,
};
