import type { Context } from '../context.ts';
import type { AuditLogFilter } from './audit-inputs.ts';
import type { AuditReader } from './audit-reader.ts';
import { overlap, rangesOf } from './event-ranges.ts';

/** Number of rows after which counting stops. */
export const MAX_COUNTED = 100_000;

/** A number of rows: exact, or `MAX_COUNTED` if there are more. */
export interface AuditCount {
  readonly total: number;
  readonly isCapped: boolean;
}

const CAPPED: AuditCount = { total: MAX_COUNTED, isCapped: true };

/**
 * Counts the rows that the reader may see and the filter matches. Reads indexes only. Remembers for a
 * minute that a count reached its cap: new events cannot change it, only erased or dropped ones can.
 */
export async function countAuditEvents(
  ctx: Context,
  reader: AuditReader,
  filter: AuditLogFilter,
): Promise<AuditCount> {
  const now = ctx.clock.now();
  const ranges = rangesOf(reader, filter, now);
  if (ranges.length === 0) return { total: 0, isCapped: false };
  const most = MAX_COUNTED + 1;
  const selects = ranges.map(
    ({ columns, condition }) => `(select id from audit_events where ${condition}
     order by ${columns.map((column) => `${column} desc`).join(', ')} limit ?)`,
  );
  // `union` removes rows that two ranges contain.
  const all = selects.join(overlap(reader) ? ' union ' : ' union all ');
  const values = ranges.flatMap((range) => [...range.values, most]);
  // What the reader may see is part of the statement, so no count reaches anybody else.
  const key = JSON.stringify([all, values]);
  if (ctx.cappedCounts.has(key, now)) return CAPPED;
  const [row] = await ctx.em.execute<{ count: string }[]>(
    `select count(*) from (select from (${all}) as events limit ?) as counted`,
    [...values, most],
  );
  const total = Number(row?.count);
  if (total <= MAX_COUNTED) return { total, isCapped: false };
  ctx.cappedCounts.add(key, now);
  return CAPPED;
}
