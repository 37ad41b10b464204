import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { ClaimedEntry } from './claim.ts';
import type { Outcome } from './outbox-entry.entity.ts';

/** Completes a claimed entry, and keeps or erases its payload. Ignores a claim that was lost. */
export async function completeEntry(
  em: SqlEntityManager,
  { id, attempts }: ClaimedEntry,
  outcome: Outcome,
  { error, keep }: { readonly error?: string; readonly keep: boolean },
): Promise<void> {
  await em.execute(
    `update outbox_entries
     set done_at = now(), outcome = ?, last_error = coalesce(?, last_error),
       payload = case when ? then payload end
     where id = ? and attempts = ? and done_at is null`,
    [outcome, error ?? null, keep, id, attempts],
  );
}

/** Makes a claimed entry due again after `seconds`. Ignores a claim that was lost. */
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

/** Gives up mails that have expired and are not claimed, `limit` at most. */
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
