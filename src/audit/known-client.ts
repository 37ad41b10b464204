/** SQL: the account `a` had a session from a client in the last 30 days. Values: prefix, now. */
export const isKnownClient = `exists (
  select from sessions s where s.account_id = a.id and s.client = ?
    and least(s.ended_at, s.idle_expires_at) > ?::timestamptz - interval '720 hours'
)`;
