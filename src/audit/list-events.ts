import type { Context } from '../context.ts';
import type { AuditEvent } from './audit-event.entity.ts';
import type { AuditLogFilter } from './audit-inputs.ts';
import type { AuditReader } from './audit-reader.ts';
import { type IdRange, overlap, rangesOf } from './event-ranges.ts';

/** A part of the list, newest first: `size` rows from one end of a range of ids. */
export interface AuditPage extends IdRange {
  readonly size: number;
  readonly end: 'newest' | 'oldest';
  /** Number of rows to skip from that end. */
  readonly offset?: number | undefined;
}

export type AuditRow = Readonly<
  Pick<AuditEvent, 'id' | 'event' | 'email' | 'ipAddress' | 'userAgent' | 'metadata' | 'createdAt'>
>;

const COLUMNS = `id, event, email, ip_address as "ipAddress", user_agent as "userAgent", metadata,
  created_at as "createdAt"`;

/** Returns one page of the log, and whether there are more rows beyond it. */
export async function listAuditEvents(
  ctx: Context,
  reader: AuditReader,
  filter: AuditLogFilter,
  page: AuditPage,
): Promise<{ readonly rows: readonly AuditRow[]; readonly hasMore: boolean }> {
  const ranges = rangesOf(reader, filter, ctx.clock.now(), page);
  if (ranges.length === 0) return { rows: [], hasMore: false };
  const direction = page.end === 'newest' ? 'desc' : 'asc';
  const offset = page.offset ?? 0;
  const list = (columns: string) => {
    const selects = ranges.map(
      (range) => `(select ${columns} from audit_events where ${range.condition}
       order by ${range.columns.map((column) => `${column} ${direction}`).join(', ')} limit ?)`,
    );
    return `select ${overlap(reader) ? 'distinct on (id)' : ''} *
      from (${selects.join(' union all ')}) as events order by id ${direction} limit ? offset ?`;
  };
  // Skips rows in the index alone.
  const statement =
    offset === 0
      ? list(COLUMNS)
      : `select ${COLUMNS} from audit_events where id = any(array(${list('id')}))
         order by id ${direction}`;
  const most = offset + page.size + 1;
  const found = await ctx.em.execute<(Omit<AuditRow, 'createdAt'> & { createdAt: string })[]>(
    statement,
    [...ranges.flatMap(({ values }) => [...values, most]), page.size + 1, offset],
  );
  const shown = found.slice(0, page.size);
  const rows = shown.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  const hasMore = found.length > page.size;
  return { rows: page.end === 'newest' ? rows : rows.reverse(), hasMore };
}
