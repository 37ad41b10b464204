import type { Statement } from '../ports/sql.ts';

/**
 * Writes the entries of a mutation. The values are a list for each column, the request's id and its
 * `traceparent`. `seconds` until the expiry count by the clock of PostgreSQL, because those of servers
 * and workers may differ; null means no expiry.
 */
export const insertEntries: Statement = {
  name: 'insert-entries',
  text: `insert into outbox_entries
      (id, kind, payload, created_at, expires_at, request_id, traceparent)
    select id, kind, payload, created_at, now() + make_interval(secs => seconds), $6, $7
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::float8[])
      as entry (id, kind, payload, created_at, seconds)`,
};

/** Writes an outbox entry with an idempotency key. No row if there is one with this key. */
export const insertEntryOnce: Statement<{ id: string }> = {
  name: 'insert-entry-once',
  text: `insert into outbox_entries
      (id, kind, payload, created_at, idempotency_key, request_id, traceparent)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (idempotency_key) where idempotency_key is not null do nothing
    returning id`,
};

/** Cause of an entry. Null if it was no request, or of an older release, or tracing was off. */
export interface EntryOrigin {
  readonly requestId: string | null;
  readonly traceparent: string | null;
}

/** SQL: the columns of an origin. */
export const origin = 'request_id as "requestId", traceparent';

/** An entry that one worker has claimed. Times are seconds, by PostgreSQL's clock. */
export interface ClaimedEntry extends EntryOrigin {
  readonly id: string;
  readonly payload: string;
  /** Number of claims, including this one. Identifies the claim. */
  readonly attempts: number;
  /** Since it was enqueued. */
  readonly age: number;
  /** Until it expires; null if it never does. */
  readonly left: number | null;
}

/** Identity of a claim. */
export type Claim = Pick<ClaimedEntry, 'id' | 'attempts'>;

const isWaiting = 'done_at is null and (expires_at is null or expires_at > now())';

/** Claims the entries that `chosen` selects, for `$1` seconds. Those of another claim are skipped. */
const claim = (chosen: string) => `update outbox_entries entry
    set due_at = now() + make_interval(secs => $1), attempts = attempts + 1
    from (${chosen} for update skip locked) chosen
    where entry.id = chosen.id
    returning entry.id, payload, attempts, ${origin},
      extract(epoch from now() - created_at)::float8 as age,
      extract(epoch from expires_at - now())::float8 as "left"`;

/** Claims the entries of these ids and kind that are due. */
export const claimDue: Statement<ClaimedEntry> = {
  name: 'claim-due',
  text: claim(`select id from outbox_entries
    where id = any($2::uuid[]) and kind = $3 and due_at <= now() and ${isWaiting}`),
};

/** Claims the `$3` mails that are overdue the longest, by `$2` seconds at least. */
export const claimOldestMails: Statement<ClaimedEntry> = {
  name: 'claim-oldest-mails',
  text: claim(`select id from outbox_entries
    where kind = 'mail' and due_at <= now() - make_interval(secs => $2) and ${isWaiting}
    order by due_at limit $3`),
};

/** Extends claims to `$3` seconds from now. Ignores claims that were lost, and locked entries. */
export const renewClaims: Statement = {
  name: 'renew-claims',
  text: `update outbox_entries entry set due_at = now() + make_interval(secs => $3)
    from (
      select id from outbox_entries join unnest($1::uuid[], $2::int[]) as held (id, attempts)
        using (id, attempts)
      where done_at is null for update of outbox_entries skip locked
    ) held
    where entry.id = held.id`,
};

/** Completes claims. The values are a list for each column. Ignores claims that were lost. */
export const completeClaims: Statement = {
  name: 'complete-claims',
  text: `update outbox_entries entry
    set done_at = now(), outcome = done.outcome, last_error = coalesce(done.error, last_error),
      payload = case when done.keep then payload end
    from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::bool[])
      as done (id, attempts, outcome, error, keep)
    where entry.id = done.id and entry.attempts = done.attempts and done_at is null`,
};

/** Makes a claimed entry due again after `$3` seconds. Ignores a claim that was lost. */
export const rescheduleClaim: Statement = {
  name: 'reschedule-claim',
  text: `update outbox_entries
    set due_at = least(now() + make_interval(secs => $3), expires_at), last_error = $4
    where id = $1 and attempts = $2 and done_at is null`,
};
