import type { User } from '../accounts/user.ts';
import type { Located, LookUp } from '../ports/sql.ts';
import type { AccessClaims } from '../ports/tokens.ts';

/** The claims of an access token that its session, account and key must match. */
type Presented = Pick<AccessClaims, 'kid' | 'sid' | 'sub'> & { readonly now: Date };

/**
 * Finds the accounts of access tokens whose session and signing key are active. Nearly every request
 * runs it, so simultaneous ones share it.
 */
export const findViewers: LookUp<Presented, User & Located> = {
  name: 'find-viewers',
  text: `select asked.position::int, a.id, a.email, a.email_verified_at is not null as "emailVerified",
      a.email_verified_at as "verifiedAt",
      a.password_hash is not null as "hasPassword",
      a.factors_since is not null as "hasFactor", a.first_name as "firstName",
      a.last_name as "lastName", a.role, a.created_at as "createdAt",
      a.last_login_at as "lastLoginAt", a.locale
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
