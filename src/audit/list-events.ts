import type { Context } from '../context.ts';
import type { AuditEvent } from './audit-event.entity.ts';
import type { AuditLogFilter } from './audit-inputs.ts';

/** The rows that a reader may see: all, or those of one address since its account exists. */
export type AuditReader = 'everybody' | { readonly email: string; readonly since: Date };

/** A part of the list, newest first: `size` rows from one end of a range of ids. */
export interface AuditPage {
  readonly size: number;
  readonly end: 'newest' | 'oldest';
  readonly olderThan?: string | undefined;
  readonly newerThan?: string | undefined;
  readonly offset?: number | null | undefined;
}

export type AuditRow = Readonly<
  Pick<AuditEvent, 'id' | 'event' | 'email' | 'ipAddress' | 'userAgent' | 'metadata' | 'createdAt'>
>;

/** Returns one page of the log, and whether there are more rows beyond it. */
export async function listAuditEvents(
  ctx: Context,
  reader: AuditReader,
  filter: AuditLogFilter,
  page: AuditPage,
): Promise<{ readonly rows: readonly AuditRow[]; readonly hasMore: boolean }> {
  const ranges = rangesOf(reader, filter, page);
  if (ranges.length === 0) return { rows: [], hasMore: false };
  const direction = page.end === 'newest' ? 'desc' : 'asc';
  const offset = page.offset ?? 0;
  const selects = ranges.map(
    ({ columns, condition }) =>
      `(select id, event, email, ip_address as "ipAddress", user_agent as "userAgent", metadata,
         created_at as "createdAt"
       from audit_events where ${condition}
       order by ${columns.map((column) => `${column} ${direction}`).join(', ')}
       limit ?)`,
  );
  const found = await ctx.em.execute<(Omit<AuditRow, 'createdAt'> & { createdAt: string })[]>(
    `select * from (${selects.join(' union all ')}) as events order by id ${direction}
     limit ? offset ?`,
    [...ranges.flatMap(({ values }) => [...values, offset + page.size + 1]), page.size + 1, offset],
  );
  const shown = found.slice(0, page.size);
  const rows = shown.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  const hasMore = found.length > page.size;
  return { rows: page.end === 'newest' ? rows : rows.reverse(), hasMore };
}

/** Returns the number of rows that the reader may see and the filter matches. */
export async function countAuditEvents(ctx: Context, reader: AuditReader, filter: AuditLogFilter) {
  const ranges = rangesOf(reader, filter);
  const counts = ranges.map(
    ({ condition }) => `(select count(*) from audit_events where ${condition})`,
  );
  const [row] = await ctx.em.execute<{ count: string }[]>(
    `select ${['0', ...counts].join(' + ')} as count`,
    ranges.flatMap(({ values }) => values),
  );
  return Number(row?.count);
}

/** Returns disjoint ranges, one per event, of the rows that the reader may see. */
function rangesOf(reader: AuditReader, filter: AuditLogFilter, page?: AuditPage) {
  const event = filter.event?.toUpperCase();
  const names: readonly (string | undefined)[] = filter.events
    ? [...new Set(filter.events)].filter((name) => event === undefined || name === event)
    : [event];
  return names.map((name) => rangeOf(reader, filter, name, page));
}

/**
 * Returns one range of the index that starts with the columns of the filter. Compares whole rows,
 * so that no other index can provide the order and PostgreSQL never reads a whole log for one page.
 */
function rangeOf(
  reader: AuditReader,
  filter: AuditLogFilter,
  event: string | undefined,
  page?: AuditPage,
) {
  const { from, to } = filter;
  const asked = filter.email?.toLowerCase();
  const own = reader === 'everybody' ? undefined : reader;
  const keys = [
    { column: 'email', value: own?.email ?? asked },
    { column: 'event', value: event },
  ].filter(({ value }) => value !== undefined);
  const columns = [...keys.map(({ column }) => column), 'id'];
  const start = Math.max(own?.since.getTime() ?? 0, from?.getTime() ?? 0);
  const bounds = [
    ['>=', idsAt(start).first],
    ['<=', idsAt(to?.getTime() ?? Number.POSITIVE_INFINITY).last],
    ['<', page?.olderThan],
    ['>', page?.newerThan],
  ].filter(([, id]) => id !== undefined);
  const places = columns.map(() => '?').join(', ');
  const conditions = bounds.map(([sign]) => `(${columns.join(', ')}) ${sign} (${places})`);
  if (own && asked !== undefined && asked !== own.email) conditions.push('false');
  const values = bounds.flatMap(([, id]) => [...keys.map(({ value }) => value), id]);
  return { columns, condition: conditions.join(' and '), values };
}

/**
 * Returns the first and last UUIDv7 (RFC 9562 §5.7) of a millisecond. The time of an event is that
 * of its id, so one index serves ranges of times and of ids.
 */
function idsAt(milliseconds: number): { first: string; last: string } {
  const within = Math.min(Math.max(milliseconds, 0), 2 ** 48 - 1);
  const time = within.toString(16).padStart(12, '0');
  const start = `${time.slice(0, 8)}-${time.slice(8)}`;
  return { first: `${start}-7000-8000-000000000000`, last: `${start}-7fff-bfff-ffffffffffff` };
}
