import { type Clock, daysBefore } from './clock.ts';
import type { Sql, Statement } from './sql.ts';

/** The earlier of a time and that of PostgreSQL. */
export const earlierTime: Statement<{ now: Date }> = {
  name: 'earlier-time',
  text: 'select least($1::timestamptz, clock_timestamp()) as now',
};

/**
 * Returns the time before which rows are older than `days`. Trusts the earlier of two clocks, because
 * a clock that is a year ahead would delete what is to be kept for another year.
 */
export async function retentionEnd(
  { clock, sql }: { readonly clock: Clock; readonly sql: Pick<Sql, 'query'> },
  days: number,
): Promise<Date> {
  const [earlier] = await sql.query(earlierTime, [clock.now()]);
  if (!earlier) throw new Error('PostgreSQL returned no time');
  return daysBefore(earlier.now, days);
}
