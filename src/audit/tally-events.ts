import type { Context } from '../context.ts';
import type { Statement } from '../ports/sql.ts';
import type { AuditEventName } from './event-types.ts';
import { smallestIdAt } from './id-range.ts';

/** Events that are counted: sign-ins, failures and limits. */
export const talliedEvents = [
  ...(['REGISTERED', 'OTP_VERIFIED', 'LOGIN_FAILED', 'OTP_FAILED', 'TOKEN_REUSED'] as const),
  ...(['LOGIN_LOCKED', 'OTP_LOCKED', 'RATE_LIMITED'] as const),
] satisfies AuditEventName[];

/** Length in ms and number of the intervals of a tally. The last one contains now. */
const tallies = {
  hours: { length: 3_600_000, count: 24 },
  days: { length: 86_400_000, count: 30 },
};

export type TallyPeriod = keyof typeof tallies;

/** Number of rows after which counting stops, per event and interval. */
export const MOST_TALLIED = 10_000;

/** How often an event was recorded in an interval. */
export interface Tally {
  readonly event: AuditEventName;
  readonly since: Date;
  readonly count: number;
}

/**
 * Counts rows of the index on event and id, and compares whole rows so that no other index serves.
 * A bound of the ids alone would select partitions, but PostgreSQL would then read them whole.
 * Values: events, and the ids at which intervals begin and end.
 */
const tally: Statement<{ event: AuditEventName; position: string; count: number }> = {
  name: 'tally-events',
  text: `select e.event, i.position, counted.count
    from unnest($1::varchar[]) e (event)
    cross join unnest($2::uuid[], $3::uuid[]) with ordinality i (low, high, position)
    cross join lateral (select count(*)::int from (
      select from audit_events a
      where (a.event, a.id) >= (e.event, i.low) and (a.event, a.id) < (e.event, i.high)
      order by a.event, a.id limit ${MOST_TALLIED}
    ) rows) counted (count)
    where counted.count > 0
    order by i.position, e.event`,
};

/** Counts the events of recent hours or days (UTC). Leaves out zeros. */
export async function tallyEvents(
  { sql, clock }: Pick<Context, 'sql' | 'clock'>,
  period: TallyPeriod,
): Promise<Tally[]> {
  const { length, count } = tallies[period];
  const end = Math.floor(clock.now().getTime() / length + 1) * length;
  const starts = Array.from({ length: count }, (_, index) => end - (count - index) * length);
  const rows = await sql.query(tally, [
    talliedEvents,
    starts.map((start) => smallestIdAt(start)),
    starts.map((start) => smallestIdAt(start + length)),
  ]);
  return rows.map(({ event, position, count }) => ({
    event,
    since: new Date(starts[Number(position) - 1] ?? end),
    count,
  }));
}
