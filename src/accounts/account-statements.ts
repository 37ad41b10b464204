import { isKnownClient } from '../audit/known-client.ts';
import type { Statement } from '../ports/sql.ts';

// These statements run for every sign-in. Prepared, each costs a third of the same query by MikroORM.

export interface AddressRow {
  readonly hasAccount: boolean;
  readonly passwordHash: string | null;
  readonly emailVerified: boolean;
  readonly generation: number;
  readonly known: boolean;
}

/** Reads one row with the same columns for every address, so that it always takes the same time. */
export const readAddress: Statement<AddressRow> = {
  name: 'read-address',
  text: `select a.id is not null as "hasAccount",
      a.password_hash as "passwordHash",
      a.email_verified_at is not null as "emailVerified",
      coalesce(a.challenge_epoch, 0) as generation,
      ${isKnownClient('$2', '$3')} as known
    from (select) asked left join accounts a on a.email = $1`,
};
