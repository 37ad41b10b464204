import { type OutboxKind, outboxKinds } from '../ports/job-queue.ts';
import type { Sql, Statement } from '../ports/sql.ts';
import { failedOutcomes, type Outcome } from './outbox-entry.entity.ts';

/** Entries that are counted of each kind. More would cost PostgreSQL a tenth of a second. */
const MOST = 100_000;

interface Waiting {
  readonly kind: OutboxKind;
  readonly count: number;
  /** Age of the oldest entry, in seconds; 0 if there is none. */
  readonly oldest: number;
}

const countWaiting: Statement<Waiting> = {
  name: 'count-waiting-entries',
  text: `select kind, count(created_at)::int as count,
      coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as oldest
    from unnest($1::text[]) as known (kind) left join lateral (
      select created_at from outbox_entries entry
      where entry.kind = known.kind and done_at is null order by due_at limit $2
    ) waiting on true
    group by kind order by kind`,
};

interface Failed {
  readonly kind: OutboxKind;
  readonly outcome: Outcome;
  readonly count: number;
}

const countFailed: Statement<Failed> = {
  name: 'count-failed-entries',
  text: `select kind, outcome, count(*)::int as count
    from (select kind, outcome from outbox_entries where ${failedOutcomes} limit $1) failed
    group by kind, outcome order by kind, outcome`,
};

/** Counts the entries that wait. */
export const readWaiting = (sql: Sql): Promise<Waiting[]> =>
  sql.query(countWaiting, [outboxKinds, MOST]);

/** Outcomes that entries of each kind are kept with. */
const kept: Readonly<Record<OutboxKind, readonly Outcome[]>> = {
  mail: ['REFUSED', 'GIVEN_UP', 'POISONED'],
  audit: ['POISONED'],
};

/** Counts the entries that failed for good, up to 100,000, also where there are none. */
export async function readFailed(sql: Sql): Promise<Failed[]> {
  const found = await sql.query(countFailed, [MOST]);
  const countOf = (kind: OutboxKind, outcome: Outcome) =>
    found.find((row) => row.kind === kind && row.outcome === outcome)?.count ?? 0;
  return outboxKinds.flatMap((kind) =>
    kept[kind].map((outcome) => ({ kind, outcome, count: countOf(kind, outcome) })),
  );
}
