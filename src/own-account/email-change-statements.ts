import { type AccountRow, accountColumns } from '../accounts/account-statements.ts';
import { isRecentChange, isReserved } from '../accounts/reserved-address.ts';
import type { Statement } from '../ports/sql.ts';

/**
 * SQL: an account owns an address for good. An address that was never verified goes to the account
 * whose owner redeems a code of its mailbox.
 */
const isTaken = (email: string) => `exists (
  select from accounts o where o.email = ${email}
    and (o.email_verified_at is not null or o.disabled_at is not null or o.provisioned)
)`;

/** Whether the account of another address has it, or may get it back. */
interface Target {
  readonly isTaken: boolean;
  readonly isReserved: boolean;
}

/**
 * Stores a request for a change of a locked account. No row if it has made `$8` within `$9` seconds.
 * Values: account, old and new address, hash of the undo secret, session, challenge generation, now.
 */
export const insertRequest: Statement<Target> = {
  name: 'insert-email-change-request',
  text: `insert into email_changes
      (account_id, step, old_email, new_email, undo_hash, session_id, generation, created_at)
    select $1::uuid, 'REQUESTED', $2::varchar, $3::varchar, $4::varchar, $5::uuid, $6::int,
      $7::timestamptz
    where $8 > (
      select count(*) from email_changes where account_id = $1 and step = 'REQUESTED'
        and created_at > $7::timestamptz - make_interval(secs => $9)
    )
    returning ${isTaken('$3')} as "isTaken", ${isReserved('$3', '$7', '$1')} as "isReserved"`,
};

/**
 * Returns the oldest request of an account within a window, and the seconds until it is over. Values:
 * account, now, window.
 */
export const waitForRequest: Statement<{ oldest: string; wait: number }> = {
  name: 'wait-for-email-change-request',
  text: `select min(id) as oldest, greatest(1, ceil(extract(epoch from
      min(created_at) + make_interval(secs => $3) - $2::timestamptz)))::int as wait
    from email_changes where account_id = $1 and step = 'REQUESTED'
      and created_at > $2::timestamptz - make_interval(secs => $3)`,
};

interface Request {
  readonly newEmail: string;
  readonly sessionId: string;
  readonly generation: number;
}

/** Finds the newest request of an account. Codes of earlier ones do not count. Values: account, now. */
export const findRequest: Statement<Request> = {
  name: 'find-email-change-request',
  text: `select c.new_email as "newEmail", c.session_id as "sessionId", c.generation
    from email_changes c where c.account_id = $1 and c.step = 'REQUESTED' and ${isRecentChange('$2')}
    order by c.id desc limit 1`,
};

/**
 * Deletes another account that never verified this address. Has no subquery, which would not see that
 * a concurrent transaction has just verified it.
 */
export const evictUnverified: Statement = {
  name: 'evict-unverified-account',
  text: `delete from accounts where email = $1 and id <> $2
    and email_verified_at is null and disabled_at is null and not provisioned`,
};

/**
 * Changes the address of a locked account, which ends its codes. No row if the address is not free.
 * A change back to an address that could still be restored cannot be undone, and ends the undo
 * secrets of the addresses in between. Values: account, old and new address, hash of the undo secret,
 * now.
 */
export const changeAddress: Statement<{ isReturn: boolean }> = {
  name: 'change-email-address',
  text: `with changed as (
      update accounts a
      set email = $3, email_verified_at = $5, challenge_epoch = challenge_epoch + 1
      where a.id = $1 and not exists (select from accounts o where o.email = $3)
        and not ${isReserved('$3', '$5', '$1')}
      returning a.id
    ), given_up as (
      select min(c.id) as id from email_changes c
      where c.account_id = $1 and c.step = 'CHANGED' and c.old_email = $3 and ${isRecentChange('$5')}
    ), ended as (
      update email_changes c set ended_at = $5 from changed, given_up
      where c.account_id = changed.id and c.id > given_up.id and c.old_email <> $3
        and c.ended_at is null
    )
    insert into email_changes
      (account_id, step, old_email, new_email, undo_hash, created_at, ended_at)
    select changed.id, 'CHANGED', $2::varchar, $3::varchar,
      case when given_up.id is null then $4::varchar end, $5::timestamptz,
      case when given_up.id is not null then $5::timestamptz end
    from changed, given_up
    returning undo_hash is null as "isReturn"`,
};

/** An account and the request or change that a secret undoes. */
export interface UndoneRow extends AccountRow {
  readonly oldEmail: string;
  readonly changeId: string;
  readonly changedAt: Date;
}

/** Locks the account that an undo secret is for, even if it is disabled. Value: hash of the secret. */
export const lockByUndoSecret: Statement<UndoneRow> = {
  name: 'lock-account-by-undo-secret',
  text: `select ${accountColumns}, c.old_email as "oldEmail", c.id as "changeId",
      c.created_at as "changedAt"
    from email_changes c join accounts a on a.id = c.account_id
    where c.undo_hash = $1 for update of a`,
};

/**
 * Ends a request or change of a locked account, all later ones and all others of the same address,
 * restores the address and drops the password. No row if it has ended or is too old. Values: id of
 * the change, now, current address.
 */
export const restoreAddress: Statement<{ id: string }> = {
  name: 'restore-email-address',
  text: `with undone as (
      select c.id, c.account_id, c.old_email from email_changes c
      where c.id = $1 and ${isRecentChange('$2')}
    ), ended as (
      update email_changes c set ended_at = $2 from undone u
      where c.account_id = u.account_id and (c.id >= u.id or c.old_email = u.old_email)
        and c.ended_at is null
    ), restored as (
      update accounts a set email = u.old_email, email_verified_at = $2, password_hash = null
      from undone u where a.id = u.account_id
    )
    insert into email_changes (account_id, step, old_email, new_email, created_at, ended_at)
    select account_id, 'UNDONE', $3::varchar, old_email, $2::timestamptz, $2::timestamptz from undone
    returning id`,
};

/** Returns whether the address of an account changed so recently that this can be undone. */
export const findRecentChange: Statement<{ id: string }> = {
  name: 'find-recent-email-change',
  text: `select c.id from email_changes c
    where c.account_id = $1 and c.step = 'CHANGED' and ${isRecentChange('$2')} limit 1`,
};
