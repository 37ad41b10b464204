import type { Context } from '../context.ts';
import type { OutboxKind } from '../ports/job-queue.ts';
import type { Statement } from '../ports/sql.ts';
import { readWaiting } from './outbox-counts.ts';
import { failedOutcomes, type Outcome, outcomeName } from './outbox-entry.entity.ts';

/** Failed entries that are listed. */
const MOST_LISTED = 100;

/** An entry that failed for good, without payload and recipient. */
interface FailedEntry {
  readonly id: string;
  readonly kind: OutboxKind;
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly lastError: string | null;
}

const selectFailed: Statement<FailedEntry> = {
  name: 'select-failed-entries',
  text: `select id, kind, outcome, attempts, created_at as "createdAt", last_error as "lastError"
    from outbox_entries where ${failedOutcomes} order by done_at desc, id limit ${MOST_LISTED}`,
};

/** Numbers of waiting entries, and the entries that failed last. */
export type OutboxState = Awaited<ReturnType<typeof readOutbox>>;

/** Reads the numbers of waiting entries, and the newest failed ones. */
export async function readOutbox({ sql }: Pick<Context, 'sql'>) {
  const [waiting, failed] = await Promise.all([readWaiting(sql), sql.query(selectFailed)]);
  return {
    waiting: waiting.map(({ oldest, ...each }) => ({ ...each, oldest: Math.floor(oldest) })),
    failed: failed.map((entry) => ({ ...entry, outcome: outcomeName(entry.outcome) })),
  };
}
