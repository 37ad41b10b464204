import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OutboxKind } from '../ports/job-queue.ts';
import { failedOutcomes, type Outcome } from './outbox-entry.entity.ts';

/** An entry as operators see it, without what it says or for whom it is. */
export interface ListedEntry {
  readonly id: string;
  readonly kind: OutboxKind;
  /** Null while it waits. */
  readonly outcome: Outcome | null;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly lastError: string | null;
  /** Whether it failed and its text has been erased: it cannot be retried. */
  readonly erased: boolean;
}

type Row = Omit<ListedEntry, 'createdAt' | 'dueAt'> &
  Readonly<Record<'createdAt' | 'dueAt', string>>;

/** At most so many entries that wait or failed, oldest first; `all`: those that are done too. */
export async function listEntries(
  em: SqlEntityManager,
  all: boolean,
  limit: number,
): Promise<ListedEntry[]> {
  const which = all ? 'true' : `(done_at is null or ${failedOutcomes})`;
  const rows = await em.execute<Row[]>(
    `select id, kind, outcome, attempts, created_at as "createdAt", due_at as "dueAt",
       last_error as "lastError", coalesce(${failedOutcomes} and payload is null, false) as erased
     from outbox_entries where ${which} order by id limit ?`,
    [limit],
  );
  return rows.map(({ createdAt, dueAt, ...row }) => ({
    ...row,
    createdAt: new Date(createdAt),
    dueAt: new Date(dueAt),
  }));
}
