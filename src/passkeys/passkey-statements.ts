import { isKnownClient } from '../audit/known-client.ts';
import type { Statement } from '../ports/sql.ts';
import type { CredentialDescriptor } from '../ports/web-authn.ts';

/** A passkey as its owner sees it. */
export interface ListedPasskey {
  readonly id: string;
  readonly credentialId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly backedUp: boolean;
}

const columns = `p.id, p.credential_id as "credentialId", p.name, p.created_at as "createdAt",
  p.last_used_at as "lastUsedAt", p.backed_up as "backedUp"`;

/** Passkeys of an account, the newest first. */
export const selectPasskeys: Statement<ListedPasskey & CredentialDescriptor> = {
  name: 'select-passkeys',
  text: `select ${columns}, to_json(p.transports) as transports
    from passkeys p where p.account_id = $1 order by p.created_at desc, p.id desc`,
};

/** Returns the user handle of an account, which gets `$2` if it has none. */
export const giveUserHandle: Statement<{ userHandle: string }> = {
  name: 'give-user-handle',
  text: `update accounts set webauthn_user_handle = coalesce(webauthn_user_handle, $2)
    where id = $1 returning webauthn_user_handle as "userHandle"`,
};

export const readUserHandle: Statement<{ userHandle: string | null }> = {
  name: 'read-user-handle',
  text: `select webauthn_user_handle as "userHandle" from accounts where id = $1`,
};

/**
 * Stores a passkey of a locked account. No row if the account has `$12`, or if any account has the
 * credential.
 */
export const insertPasskey: Statement<ListedPasskey> = {
  name: 'insert-passkey',
  text: `insert into passkeys as p (id, account_id, credential_id, public_key, sign_count,
      backup_eligible, backed_up, transports, aaguid, name, created_at)
    select $1::uuid, $2::uuid, $3::varchar, $4, $5::bigint, $6::boolean, $7::boolean, $8::text[],
      $9::uuid, $10, $11::timestamptz
    where (select count(*) from passkeys where account_id = $2) < $12::int
    on conflict (credential_id) do nothing returning ${columns}`,
};

/** A passkey and its account, as a sign-in reads them before it compares. */
export interface FoundPasskey {
  readonly id: string;
  readonly publicKey: string;
  readonly accountId: string;
  readonly email: string;
  readonly userHandle: string | null;
  /** Whether the account has had a session from the client in the last 30 days. */
  readonly known: boolean;
}

/** Finds the passkey of a credential ID. Values: credential ID, client, now. */
export const findPasskey: Statement<FoundPasskey> = {
  name: 'find-passkey',
  text: `select p.id, p.public_key as "publicKey", a.id as "accountId", a.email,
      a.webauthn_user_handle as "userHandle", ${isKnownClient('$2', '$3')} as known
    from passkeys p join accounts a on a.id = p.account_id where p.credential_id = $1`,
};

interface StoredState {
  /** As text: the driver reads `bigint` so. */
  readonly signCount: string;
  readonly backupEligible: boolean;
}

/** Locks a passkey of a locked account. */
export const lockPasskey: Statement<StoredState> = {
  name: 'lock-passkey',
  text: `select sign_count as "signCount", backup_eligible as "backupEligible"
    from passkeys where id = $1 and account_id = $2 for update`,
};

/** Stores the counter, backup state and time of a use. */
export const savePasskeyUse: Statement = {
  name: 'save-passkey-use',
  text: `update passkeys set sign_count = $2, backed_up = $3, last_used_at = $4 where id = $1`,
};

/** Stores the time of a notice about a copy. No row if there was one since. Values: id, now, since. */
export const saveCopyNotice: Statement<{ id: string }> = {
  name: 'save-copy-notice',
  text: `update passkeys set copy_noticed_at = $2
    where id = $1 and (copy_noticed_at is null or copy_noticed_at < $3) returning id`,
};

export const updatePasskeyName: Statement<ListedPasskey> = {
  name: 'update-passkey-name',
  text: `update passkeys p set name = $3 where p.id::text = $1 and p.account_id = $2 returning ${columns}`,
};

export const deletePasskey: Statement<{ id: string; name: string }> = {
  name: 'delete-passkey',
  text: 'delete from passkeys where id::text = $1 and account_id = $2 returning id, name',
};

/** Deletes the passkeys of an account; only those added from a time on, if `$2` is given. */
export const deletePasskeysSince: Statement<{ id: string }> = {
  name: 'delete-passkeys-since',
  text: `delete from passkeys
    where account_id = $1 and ($2::timestamptz is null or created_at >= $2) returning id`,
};

/** Finds a passkey, if the account has any. */
export const hasPasskey: Statement<{ id: string }> = {
  name: 'has-passkey',
  text: 'select id from passkeys where account_id = $1 limit 1',
};

/** Finds the passkey of an account with a credential ID. Values: credential ID, account. */
export const findOwnPasskey: Statement<Pick<FoundPasskey, 'id' | 'publicKey' | 'userHandle'>> = {
  name: 'find-own-passkey',
  text: `select p.id, p.public_key as "publicKey", a.webauthn_user_handle as "userHandle"
    from passkeys p join accounts a on a.id = p.account_id
    where p.credential_id = $1 and p.account_id = $2`,
};

/**
 * Finds a session that was opened, or had a step-up, after a time. A sign-in counts only if it was with
 * a factor, or if the account has none.
 */
export const findFreshSession: Statement<{ id: string }> = {
  name: 'find-fresh-session',
  text: `select s.id from sessions s join accounts a on a.id = s.account_id
    where s.id = $1 and (s.stepped_up_at > $2
      or (s.created_at > $2 and ('mfa' = any(s.amr) or a.factors_since is null)))`,
};
