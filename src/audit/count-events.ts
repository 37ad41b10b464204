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

/** Counts the rows that the reader may see and the filter matches. Reads indexes only. */
export async function countAuditEvents(
  ctx: Context,
  reader: AuditReader,
  filter: AuditLogFilter,
): Promise<AuditCount> {
  const ranges = rangesOf(reader, filter, ctx.clock.now());
  if (ranges.length === 0) return { total: 0, isCapped: false };
  const most = MAX_COUNTED + 1;
  const selects = ranges.map(
    ({ columns, condition }) => `(select id from audit_events where ${condition}
     order by ${columns.map((column) => `${column} desc`).join(', ')} limit ?)`,
  );
  // `union` removes rows that two ranges contain.
  const all = selects.join(overlap(reader) ? ' union ' : ' union all ');
  const [row] = await ctx.em.execute<{ count: string }[]>(
    `select count(*) from (select from (${all}) as events limit ?) as counted`,
    [...ranges.flatMap(({ values }) => [...values, most]), most],
  );
  const count = Number(row?.count);
  return { total: Math.min(count, MAX_COUNTED), isCapped: count > MAX_COUNTED };
}
