import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { ClaimedEntry } from './claim.ts';
import type { Outcome } from './outbox-entry.entity.ts';

interface Ending {
  /** Codes of what went wrong, at most 64 characters. */
  readonly error?: string;
  /** Whether somebody may still want the payload. */
  readonly keep: boolean;
}

/** Ends a taken entry. Nothing happens if it was lost to somebody else meanwhile. */
export async function completeEntry(
  em: SqlEntityManager,
  { id, attempts }: ClaimedEntry,
  outcome: Outcome,
  { error, keep }: Ending,
): Promise<void> {
  await em.execute(
    `update outbox_entries
     set done_at = now(), outcome = ?, last_error = coalesce(?, last_error),
       payload = case when ? then payload end
     where id = ? and attempts = ? and done_at is null`,
    [outcome, error ?? null, keep, id, attempts],
  );
}

/**
 * Lets a taken entry be taken again after `seconds`, or given up if it is of no use by then; unless
 * it was lost to somebody else.
 */
export async function rescheduleEntry(
  em: SqlEntityManager,
  { id, attempts }: ClaimedEntry,
  seconds: number,
  error: string,
): Promise<void> {
  await em.execute(
    `update outbox_entries
     set due_at = least(now() + make_interval(secs => ?), expires_at), last_error = ?
     where id = ? and attempts = ? and done_at is null`,
    [seconds, error, id, attempts],
  );
}

export interface ExpiredEntry {
  readonly id: string;
  readonly attempts: number;
  readonly lastError: string | null;
}

/** Gives up entries that are of no use any more, and that nobody has taken; at most so many. */
export function giveUpExpired(em: SqlEntityManager, limit: number): Promise<ExpiredEntry[]> {
  return em.execute<ExpiredEntry[]>(
    `with expired as (
       select id from outbox_entries
       where kind = 'mail' and done_at is null and due_at <= now() and expires_at <= now()
       limit ? for update skip locked
     )
     update outbox_entries entry
     set done_at = now(), outcome = 'GIVEN_UP', payload = null
     from expired where entry.id = expired.id
     returning entry.id, entry.attempts, entry.last_error as "lastError"`,
    [limit],
  );
}
