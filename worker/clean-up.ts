import type { WorkerContext } from './context.ts';
import { inSteps } from './loops.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Rows that one statement deletes, so that no lock is held for long. */
const STEP = 200;

/** A rule for how long rows are kept. The texts are SQL; each rule reads one range of an index. */
export interface Retention {
  readonly table: 'accounts' | 'outbox_entries' | 'redeemed_challenges' | 'sessions';
  readonly where?: string;
  /** Column or expression that the days are counted from. */
  readonly since: string;
  readonly days: number;
}

/** Deletes expired rows, oldest first. Rows that are locked stay until the next run. */
export function deleteOlder({ table, where = 'true', since, days }: Retention) {
  const statement = `with old as (
      select id from ${table} where ${where} and ${since} < ?
      order by ${since} limit ? for update skip locked
    )
    delete from ${table} using old where ${table}.id = old.id`;

  return async ({ clock, log, orm }: WorkerContext, signal: AbortSignal): Promise<void> => {
    const em = orm.em.fork();
    const end = new Date(clock.now().getTime() - days * DAY);
    const deleteStep = async (size: number) => {
      const { affectedRows } = await em.execute<{ affectedRows: number }>(
        statement,
        [end, size],
        'run',
      );
      return affectedRows;
    };
    const rows = await inSteps(STEP, deleteStep, signal);
    if (rows > 0) log.info({ table, rows }, 'Deleted rows that had expired.');
  };
}
