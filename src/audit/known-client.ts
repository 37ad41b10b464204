const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds that a client stays known after its last session ended. */
const MEMORY = 30 * DAY;

/** SQL condition: the client is known to the account `a`, because a recent session came from it. */
export const isKnownClient = `exists (
  select from sessions s
  where s.account_id = a.id and s.client = ? and s.idle_expires_at > ?
    and (s.ended_at is null or s.ended_at > ?)
)`;

/** Returns the values for `isKnownClient`. */
export function knownClientValues(client: string, now: Date): unknown[] {
  const since = new Date(now.getTime() - MEMORY);
  return [client, since, since];
}
