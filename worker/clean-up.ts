import type { WorkerContext } from './context.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Rows that one statement deletes: short enough for nobody to wait for it. */
const STEP = 200;

/** How long the rows of a table are kept. Each is one range of an index; the texts are SQL. */
export interface Retention {
  readonly table: 'accounts' | 'outbox_entries' | 'redeemed_challenges' | 'sessions';
  /** Which rows; all unless said. */
  readonly where?: string;
  /** The moment that the days are counted from. */
  readonly since: string;
  readonly days: number;
}

/**
 * Deletes the rows whose days are over, oldest first, step by step until none is left or `signal`
 * ends it. The condition is checked under the row's lock, and what somebody else has locked stays
 * until the next time.
 */
export function deleteOlder({ table, where = 'true', since, days }: Retention) {
  const step = `with old as (
      select id from ${table} where ${where} and ${since} < ?
      order by ${since} limit ${STEP} for update skip locked
    )
    delete from ${table} using old where ${table}.id = old.id`;

  return async ({ clock, log, orm }: WorkerContext, signal: AbortSignal): Promise<void> => {
    const em = orm.em.fork();
    const end = new Date(clock.now().getTime() - days * DAY);
    let rows = 0;
    for (let deleted = STEP; deleted === STEP && !signal.aborted; rows += deleted) {
      const result = await em.execute<{ affectedRows: number }>(step, [end], 'run');
      deleted = result.affectedRows;
    }
    if (rows > 0) log.info({ table, rows }, 'deleted what is kept no longer');
  };
}
