import type { Located, LookUp, Statement } from '../ports/sql.ts';
import type { ApiKeyScope } from './api-key.entity.ts';

/** An API key as administrators see it. */
export interface ListedApiKey {
  readonly id: string;
  readonly name: string;
  readonly scope: ApiKeyScope;
  /** The first characters of the key. */
  readonly start: string;
  readonly createdAt: Date;
  /** The id of an account, or `operator` for the command line, as in the audit log. */
  readonly createdBy: string;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
}

const columns = `k.id, k.name, k.scope, k.start, k.created_at as "createdAt",
  coalesce(k.account_id::text, 'operator') as "createdBy", k.expires_at as "expiresAt",
  k.last_used_at as "lastUsedAt"`;

/** An API key as it authenticates a request. */
export interface ActiveApiKey {
  readonly id: string;
  readonly scope: ApiKeyScope;
  readonly accountId: string | null;
  readonly lastUsedAt: Date | null;
}

/** SQL: the key `k` is valid at a time, and its creator, the account `a`, is an active `ADMIN`. */
const isActive = (now: string) => `k.expires_at > ${now}
  and (k.account_id is null or (a.role = 'ADMIN' and a.disabled_at is null))`;

/** Finds active keys by their hashes. */
export const findApiKeys: LookUp<
  { readonly hash: string; readonly now: Date },
  ActiveApiKey & Located
> = {
  name: 'find-api-keys',
  text: `select asked.position::int, k.id, k.scope, k.account_id as "accountId",
      k.last_used_at as "lastUsedAt"
    from unnest($1::text[]) with ordinality as asked(hash, position)
    join api_keys k on k.hash = asked.hash left join accounts a on a.id = k.account_id
    where ${isActive('$2')}`,
  values: (asked) => [asked.map(({ hash }) => hash), asked.at(-1)?.now],
};

/**
 * Locks an active key, so that it can be neither revoked nor deleted until the commit. Changes by the
 * same key, and the time of its last use, do not wait for this lock.
 */
export const lockApiKey: Statement<{ id: string }> = {
  name: 'lock-api-key',
  text: `select k.id from api_keys k left join accounts a on a.id = k.account_id
    where k.id = $1 and ${isActive('$2')} for key share of k`,
};

/** Stores a time `$2` of use, unless there is one after `$3`. Skips a locked row. */
export const saveUse: Statement = {
  name: 'save-api-key-use',
  text: `update api_keys set last_used_at = $2 where id = (
      select id from api_keys where id = $1 and (last_used_at is null or last_used_at < $3)
      for no key update skip locked
    )`,
};

/** Makes the number of keys exact: others insert none until the commit. */
export const lockApiKeys: Statement = {
  name: 'lock-api-keys',
  text: 'lock table api_keys in share row exclusive mode',
};

/** Creates a key, unless there are `$9` already. */
export const insertApiKey: Statement<ListedApiKey> = {
  name: 'insert-api-key',
  text: `insert into api_keys as k
      (id, account_id, hash, start, name, scope, created_at, expires_at)
    select $1::uuid, $2::uuid, $3, $4, $5, $6, $7::timestamptz, $8::timestamptz
    where (select count(*) from api_keys) < $9::int
    returning ${columns}`,
};

export const selectApiKeys: Statement<ListedApiKey> = {
  name: 'select-api-keys',
  text: `select ${columns} from api_keys k order by k.created_at desc, k.id desc`,
};

/** Deletes a key. Returns it with the address of its creator. */
export const deleteApiKey: Statement<
  Pick<ListedApiKey, 'id' | 'name'> & {
    readonly accountId: string | null;
    readonly email: string | null;
  }
> = {
  name: 'delete-api-key',
  text: `with k as (delete from api_keys where id = $1 returning id, name, account_id)
    select k.id, k.name, k.account_id as "accountId", a.email
    from k left join accounts a on a.id = k.account_id`,
};
