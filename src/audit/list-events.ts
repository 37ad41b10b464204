import type { Context } from '../context.ts';
import type { AuditLogFilter } from './audit-inputs.ts';
import { idsAt } from './id-range.ts';

/** Whose log it is: everybody's, or the rows of one address since its account exists. */
export type AuditReader = 'everybody' | { readonly email: string; readonly since: Date };

/** A part of the list, newest first: `size` rows from one end of what lies between two ids. */
export interface AuditPage {
  readonly size: number;
  readonly end: 'newest' | 'oldest';
  readonly olderThan?: string | undefined;
  readonly newerThan?: string | undefined;
  readonly offset?: number | null | undefined;
}

export interface AuditRow {
  readonly id: string;
  readonly event: string;
  readonly email: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly metadata: unknown;
  readonly createdAt: Date;
}

/** Rows of a page, and whether there are more beyond it. */
interface AuditRows {
  readonly rows: readonly AuditRow[];
  readonly hasMore: boolean;
}

/** One page of the log. It reads what it shows, and one row more. */
export async function listAuditEvents(
  ctx: Context,
  reader: AuditReader,
  filter: AuditLogFilter,
  page: AuditPage,
): Promise<AuditRows> {
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
  const rows = found
    .slice(0, page.size)
    .map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  return {
    rows: page.end === 'newest' ? rows : rows.reverse(),
    hasMore: found.length > page.size,
  };
}

/** How many rows the filter matches, of those that the reader may see. */
export async function countAuditEvents(
  ctx: Context,
  reader: AuditReader,
  filter: AuditLogFilter,
): Promise<number> {
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

/**
 * Returns disjoint ranges of the rows that the reader may see and the filter matches, per event.
 */
function rangesOf(reader: AuditReader, filter: AuditLogFilter, page?: AuditPage) {
  const event = filter.event?.toUpperCase();
  const { events } = filter;
  const names = events
    ? [...new Set(events)].filter((name) => event === undefined || name === event)
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

  const conditions: string[] = [];
  const values: unknown[] = [];
  const bound = (comparison: string, id: string | undefined) => {
    if (id === undefined) return;
    conditions.push(`(${columns.join(', ')}) ${comparison} (${columns.map(() => '?').join(', ')})`);
    values.push(...keys.map(({ value }) => value), id);
  };
  bound('>=', idsAt(Math.max(own?.since.getTime() ?? 0, from?.getTime() ?? 0)).first);
  bound('<=', idsAt(to?.getTime() ?? Number.POSITIVE_INFINITY).last);
  bound('<', page?.olderThan);
  bound('>', page?.newerThan);
  // Of another address a reader sees nothing.
  if (own && asked !== undefined && asked !== own.email) conditions.push('false');
  return { columns, condition: conditions.join(' and '), values };
}
