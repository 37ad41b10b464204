/** SQL: how long a client stays known after its last session. */
export const KNOWN_FOR = "interval '720 hours'";

/** SQL: the account `a` had a session from a client in the last 30 days. */
export const isKnownClient = (client: string, now: string) => `exists (
  select from sessions s where s.account_id = a.id and s.client = ${client}
    and least(s.ended_at, s.idle_expires_at) > ${now}::timestamptz - ${KNOWN_FOR}
)`;
