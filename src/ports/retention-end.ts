import { type Clock, daysBefore } from './clock.ts';
import type { Sql, Statement } from './sql.ts';

/** The earlier of a time and that of PostgreSQL. */
export const earlierTime: Statement<{ now: Date }> = {
  name: 'earlier-time',
  text: 'select least($1::timestamptz, clock_timestamp()) as now',
};

interface Clocks {
  readonly clock: Clock;
  readonly sql: Pick<Sql, 'query'>;
}

/**
 * Returns the earlier of the time of this process and that of PostgreSQL. With a clock that is a year
 * ahead, jobs would delete rows a year too early.
 */
export async function earlierNow({ clock, sql }: Clocks): Promise<Date> {
  const [earlier] = await sql.query(earlierTime, [clock.now()]);
  if (!earlier) throw new Error('PostgreSQL returned no time');
  return earlier.now;
}

/** Returns the time before which rows are older than `days`. */
export const retentionEnd = async (clocks: Clocks, days: number): Promise<Date> =>
  daysBefore(await earlierNow(clocks), days);
