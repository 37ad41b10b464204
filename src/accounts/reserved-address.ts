/** SQL: how long a change of an address can be undone, and the old address is reserved. */
const UNDO_FOR = 'make_interval(hours => 168)';

/** SQL: a row `c` of `email_changes` still counts. */
export const isRecentChange = (now: string, c = 'c') =>
  `${c}.ended_at is null and ${c}.created_at > ${now}::timestamptz - ${UNDO_FOR}`;

/**
 * SQL: another account than `except` had an address recently, or is about to give it up. The row is
 * there before the address is free, so a statement that waits for the address sees it too.
 */
export const isReserved = (email: string, now: string, except = 'null') => `exists (
  select from email_changes moved
  where moved.old_email = ${email} and ${isRecentChange(now, 'moved')}
    and moved.account_id is distinct from ${except}::uuid
)`;

/** SQL: the id of the account that had an address at a time, also if it has changed it since. */
export const ownerOf = (email: string, time: string) => `
  select a.id from accounts a
  where a.email = ${email} and a.created_at <= ${time} and not exists (
    select from email_changes c where c.account_id = a.id and c.new_email = a.email
      and c.step <> 'REQUESTED' and c.created_at > ${time}
  )
  union all
  select c.account_id from email_changes c
  where c.old_email = ${email} and c.step <> 'REQUESTED' and c.created_at > ${time}
  limit 1`;
