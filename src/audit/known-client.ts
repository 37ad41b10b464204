const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds for which a client stays known after its last session there has ended. */
const MEMORY = 30 * DAY;

/** SQL that tells whether a client is known to the account `a`: it has had a session from there. */
export const isKnownClient = `exists (
  select from sessions s
  where s.account_id = a.id and s.client = ? and s.idle_expires_at > ?
    and (s.ended_at is null or s.ended_at > ?)
)`;

/** The values of `isKnownClient`. */
export function knownClientValues(client: string, now: Date): unknown[] {
  const since = new Date(now.getTime() - MEMORY);
  return [client, since, since];
}
