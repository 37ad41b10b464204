import { type AccountRow, accountColumns } from '../accounts/account-statements.ts';
import type { Statement } from '../ports/sql.ts';
import type { AuthMethod, SealedKey } from '../ports/tokens.ts';
import { currentKey } from '../signing-keys/current-key.ts';
import type { OlderSiblings } from './session.entity.ts';

// Every sign-in and refresh runs these statements.

/** The part of a session that a refresh reads and changes. */
export interface TokenState {
  liveTokenHash: string;
  parentTokenHash: string | null;
  olderSiblings: OlderSiblings | null;
  generation: number;
  lastUsedAt: Date;
  idleExpiresAt: Date;
  readonly expiresAt: Date;
}

/** A session with its account, and the current signing key; its columns are null if there is none. */
export interface LockedSession extends TokenState, AccountRow, SealedKey {
  readonly amr: readonly AuthMethod[];
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** Locks the session of an id and an active account. The key is the one that is current at `$3`. */
export const lockSession: Statement<LockedSession> = {
  name: 'lock-session',
  text: `select ${accountColumns}, k.*,
      s.live_token_hash as "liveTokenHash", s.parent_token_hash as "parentTokenHash",
      s.older_siblings as "olderSiblings", s.generation, to_json(s.amr) as amr,
      s.created_at as "startedAt", s.last_used_at as "lastUsedAt",
      s.idle_expires_at as "idleExpiresAt", s.expires_at as "expiresAt", s.ended_at as "endedAt"
    from sessions s join accounts a on a.id = s.account_id left join (${currentKey('$3')}) k on true
    where s.id = $1 and s.account_id = $2 and a.disabled_at is null for update of s`,
};

/** Ends a session at a time, unless it has ended. Returns its account. */
export const endOpenSession: Statement<{ id: string; email: string }> = {
  name: 'end-open-session',
  text: `update sessions s set ended_at = $2 from accounts a
    where s.id = $1 and a.id = s.account_id and s.ended_at is null returning a.id, a.email`,
};

/** Ends the active sessions of an account at a time: only `$3`, and never `$4`, unless null. */
export const revokeActiveSessions: Statement<{ id: string }> = {
  name: 'revoke-active-sessions',
  text: `update sessions set ended_at = $2
    where account_id = $1 and ended_at is null and idle_expires_at > $2
      and ($3::text is null or id::text = $3) and ($4::uuid is null or id <> $4)
    returning id`,
};

/** Ends all codes of an account, and at a time all its sessions, except `$3`, unless null. */
export const endSessionsOf: Statement<{ id: string }> = {
  name: 'end-sessions-of',
  text: `with codes as (
      update accounts set challenge_epoch = challenge_epoch + 1 where id = $1
    )
    update sessions set ended_at = $2
    where account_id = $1 and ended_at is null and ($3::uuid is null or id <> $3)
    returning id`,
};

/** Counts a wrong password of an active session of an account. No row if it has `$4` already. */
export const countWrongPassword: Statement<{ count: number }> = {
  name: 'count-wrong-password',
  text: `update sessions set wrong_passwords = wrong_passwords + 1
    where id = $1 and account_id = $2 and ended_at is null and idle_expires_at > $3
      and wrong_passwords < $4
    returning wrong_passwords as count`,
};

export const resetWrongPasswords: Statement = {
  name: 'reset-wrong-passwords',
  text: 'update sessions set wrong_passwords = 0 where id = $1',
};

/** Stores the time of a step-up, and resets the count of wrong passwords. */
export const saveStepUp: Statement = {
  name: 'save-step-up',
  text: 'update sessions set stepped_up_at = $2, wrong_passwords = 0 where id = $1',
};

/** Finds a session with a step-up after a time. */
export const findStepUp: Statement<{ id: string }> = {
  name: 'find-step-up',
  text: 'select id from sessions where id = $1 and stepped_up_at > $2',
};

/** Stores the newest refresh token of a session. */
export const saveTokens: Statement = {
  name: 'save-tokens',
  text: `update sessions set live_token_hash = $2, parent_token_hash = $3, older_siblings = $4,
      generation = $5, last_used_at = $6, idle_expires_at = $7
    where id = $1`,
};

/** Ends a session at time `$2`. */
export const endSession: Statement = {
  name: 'end-session',
  text: 'update sessions set ended_at = $2 where id = $1',
};

/**
 * Opens a session of a locked account, saves the account, and ends the oldest active sessions beyond
 * `$11`. Returns their ids, oldest first, and the current signing key; no row if there is no key.
 */
export const insertSession: Statement<SealedKey & { readonly ended: readonly string[] }> = {
  name: 'insert-session',
  text: `with oldest as (
      select id from sessions
      where account_id = $2 and ended_at is null and idle_expires_at > $5
      order by created_at desc, id desc offset $11
    ), ended as (
      update sessions set ended_at = $5 where id in (select id from oldest) and ended_at is null
      returning id
    ), opened as (
      insert into sessions (id, account_id, live_token_hash, generation, amr, created_at,
        last_used_at, idle_expires_at, expires_at, ip_address, client, user_agent)
      values ($1, $2, $3, 1, $4, $5, $5, $6, $7, $8, $9, $10)
    ), saved as (
      update accounts set last_login_at = $5, email_verified_at = $12, password_hash = $13,
        first_name = $14, last_name = $15, locale = coalesce(locale, $16)
      where id = $2
    )
    select k.*, (select coalesce(json_agg(id order by id), '[]') from ended) as ended
    from (${currentKey('$5')}) k`,
};

/** Finds which of these sessions are active at a time. */
export const findActiveSessions: Statement<{ id: string }> = {
  name: 'find-active-sessions',
  text: `select id from sessions
    where id = any($1::uuid[]) and ended_at is null and idle_expires_at > $2`,
};

/** Ends up to `$2` active sessions of all accounts. */
export const endActiveSessions: Statement<{ id: string; email: string }> = {
  name: 'end-active-sessions',
  text: `with ended as (
      update sessions set ended_at = $1
      where id in (
        select id from sessions where ended_at is null and idle_expires_at > $1
        order by id limit $2 for update
      )
      returning id, account_id
    )
    select ended.id, a.email from ended join accounts a on a.id = ended.account_id order by id`,
};
