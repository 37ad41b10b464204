import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Sql } from '../ports/sql.ts';
import type { Outcome } from './outbox-entry.entity.ts';
import {
  type Claim,
  completeClaims,
  type EntryOrigin,
  origin,
  rescheduleClaim,
} from './outbox-statements.ts';

/** The end of a claim. */
export interface Completion {
  readonly claim: Claim;
  readonly outcome: Outcome;
  readonly error?: string;
  /** Keeps the payload instead of erasing it. */
  readonly keep: boolean;
}

/** Completes claimed entries. Ignores claims that were lost. */
export async function completeEntries(sql: Sql, completions: readonly Completion[]): Promise<void> {
  await sql.query(completeClaims, [
    completions.map(({ claim }) => claim.id),
    completions.map(({ claim }) => claim.attempts),
    completions.map(({ outcome }) => outcome),
    completions.map(({ error }) => error ?? null),
    completions.map(({ keep }) => keep),
  ]);
}

/** Makes a claimed entry due again after `seconds`. Ignores a claim that was lost. */
export async function rescheduleEntry(
  sql: Sql,
  { id, attempts }: Claim,
  seconds: number,
  error: string,
): Promise<void> {
  await sql.query(rescheduleClaim, [id, attempts, seconds, error]);
}

export interface ExpiredEntry extends EntryOrigin {
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
     returning entry.id, entry.attempts, entry.last_error as "lastError", ${origin}`,
    [limit],
  );
}
