import type { AccountRow } from '../accounts/account-statements.ts';
import type { Located, LookUp } from '../ports/sql.ts';
import type { AccessClaims, AccessGrant, RefreshClaims } from '../ports/tokens.ts';
import type { TokenState } from './session-statements.ts';

type Presented = Pick<AccessClaims, 'kid' | 'sid' | 'sub'> & { readonly now: Date };

/** Finds account and session of access tokens whose session and signing key are active. */
export const findGrants: LookUp<
  Presented,
  Omit<AccessGrant, 'accountId' | 'sessionId'> &
    Pick<AccountRow, 'metadata'> & { hasFactor: boolean } & Located
> = {
  name: 'find-grants',
  text: `select asked.position::int, a.email, a.email_verified_at is not null as "emailVerified",
      a.role, a.metadata, s.created_at as "authTime", to_json(s.amr) as amr,
      a.factors_since is not null as "hasFactor"
    from unnest($1::text[], $2::uuid[], $3::uuid[]) with ordinality as asked(kid, sid, sub, position)
    join sessions s on s.id = asked.sid and s.account_id = asked.sub
    join accounts a on a.id = s.account_id
    join signing_keys k on k.kid = asked.kid
    where s.ended_at is null and s.idle_expires_at > $4 and a.disabled_at is null
      and k.dropped_at is null and (k.verifies_until is null or k.verifies_until > $4)`,
  values: (asked) => [
    asked.map(({ kid }) => kid),
    asked.map(({ sid }) => sid),
    asked.map(({ sub }) => sub),
    asked.at(-1)?.now,
  ],
};

type Chain = Pick<
  TokenState,
  'liveTokenHash' | 'parentTokenHash' | 'olderSiblings' | 'idleExpiresAt'
> &
  Pick<AccountRow, 'role'> & { hasFactor: boolean };

/** Finds the newest refresh tokens of the active sessions of genuine refresh tokens. */
export const findChains: LookUp<
  Pick<RefreshClaims, 'sid' | 'sub'> & { readonly now: Date },
  Chain & Located
> = {
  name: 'find-chains',
  text: `select asked.position::int, s.live_token_hash as "liveTokenHash",
      s.parent_token_hash as "parentTokenHash", s.older_siblings as "olderSiblings",
      s.idle_expires_at as "idleExpiresAt", a.role, a.factors_since is not null as "hasFactor"
    from unnest($1::uuid[], $2::uuid[]) with ordinality as asked(sid, sub, position)
    join sessions s on s.id = asked.sid and s.account_id = asked.sub
    join accounts a on a.id = s.account_id
    where s.ended_at is null and s.idle_expires_at > $3 and a.disabled_at is null`,
  values: (asked) => [asked.map(({ sid }) => sid), asked.map(({ sub }) => sub), asked.at(-1)?.now],
};
