import type { Context } from '../context.ts';
import type { Statement } from '../ports/sql.ts';
import type { AuditEventName } from './event-types.ts';
import { smallestIdAt } from './id-range.ts';
import { MOST_TALLIED, type TallyPeriod, tallyIntervals } from './tally-intervals.ts';

/** Events that are counted: sign-ins, failures and limits. */
const talliedEvents: readonly AuditEventName[] = [
  'REGISTERED',
  'OTP_VERIFIED',
  'LOGIN_FAILED',
  'OTP_FAILED',
  'TOKEN_REUSED',
  'LOGIN_LOCKED',
  'OTP_LOCKED',
  'RATE_LIMITED',
];

/** How often an event was recorded in an interval. */
export interface Tally {
  readonly event: AuditEventName;
  readonly since: Date;
  readonly count: number;
}

/**
 * Counts entries of the index on event and id. Compares both columns as one row, which only this
 * index supports. Bounds on the id alone would prune partitions, but PostgreSQL would then scan the
 * others in full. Values: events, and the ids at which intervals begin and end.
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
  const { length, starts } = tallyIntervals(period, clock.now().getTime());
  const rows = await sql.query(tally, [
    talliedEvents,
    starts.map((start) => smallestIdAt(start)),
    starts.map((start) => smallestIdAt(start + length)),
  ]);
  return rows.map(({ event, position, count }) => ({
    event,
    since: new Date(starts[Number(position) - 1] ?? 0),
    count,
  }));
}
