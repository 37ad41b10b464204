import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OutboxKind } from '../ports/job-queue.ts';
import { failedOutcomes, type Outcome } from './outbox-entry.entity.ts';

/** An entry as operators see it: without payload and recipient. */
export interface ListedEntry {
  readonly id: string;
  readonly kind: OutboxKind;
  /** Null while it waits. */
  readonly outcome: Outcome | null;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly lastError: string | null;
  /** Whether it has failed and its payload is erased, so that it cannot be retried. */
  readonly erased: boolean;
}

type Row = Omit<ListedEntry, 'createdAt' | 'dueAt'> & Record<'createdAt' | 'dueAt', string>;

/** Lists entries that wait or have failed, oldest first; with `all`, completed ones too. */
export async function listEntries(em: SqlEntityManager, all: boolean, limit: number) {
  const condition = all ? 'true' : `(done_at is null or ${failedOutcomes})`;
  const rows = await em.execute<Row[]>(
    `select id, kind, outcome, attempts, created_at as "createdAt", due_at as "dueAt",
       last_error as "lastError", coalesce(${failedOutcomes} and payload is null, false) as erased
     from outbox_entries where ${condition} order by id limit ?`,
    [limit],
  );
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    dueAt: new Date(row.dueAt),
  }));
}
