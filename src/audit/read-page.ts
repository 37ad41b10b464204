import type { Context } from '../context.ts';
import type { AuditLogFilter } from './audit-inputs.ts';
import type { AuditReader } from './audit-reader.ts';
import { type AuditCount, countAuditEvents, MAX_COUNTED } from './count-events.ts';
import { type AuditPage, listAuditEvents } from './list-events.ts';

/** Offset from which counting costs less than skipping rows. */
const DEEP = 1000;

type Page = AuditPage & { readonly offset: number };

/** Reads a page of the log, a deep one from the nearer end. `count` counts all rows, once. */
export async function readAuditPage(
  ctx: Context,
  reader: AuditReader,
  filter: AuditLogFilter,
  page: Page,
) {
  let counted: Promise<AuditCount> | undefined;
  const count = () => (counted ??= countAuditEvents(ctx, reader, filter));
  const fromOldest = isDeep(page) ? placeFromOldest(page, await count()) : undefined;
  const { rows, hasMore } = await listAuditEvents(ctx, reader, filter, fromOldest ?? page);
  counted ??= knownCount(page, rows.length, hasMore);
  return { rows, hasMore: fromOldest ? fromOldest.offset > 0 : hasMore, count };
}

const isWhole = ({ olderThan, newerThan }: Page) => !olderThan && !newerThan;

const isDeep = (page: Page) => isWhole(page) && page.offset > DEEP && page.offset < MAX_COUNTED;

/** Returns the same page as counted from the oldest row, if that is nearer. */
function placeFromOldest({ offset, size }: Page, { total, isCapped }: AuditCount) {
  const left = Math.max(0, total - offset);
  if (isCapped || left > offset) return undefined;
  const skipped = Math.max(0, left - size);
  return { size: left - skipped, end: 'oldest', offset: skipped } as const;
}

/** Returns the count if a page that was read tells it. */
function knownCount(page: Page, rows: number, hasMore: boolean): Promise<AuditCount> | undefined {
  const read = page.offset + rows;
  if (read > MAX_COUNTED) return Promise.resolve({ total: MAX_COUNTED, isCapped: true });
  const isAll = isWhole(page) && !hasMore && (rows > 0 || page.offset === 0);
  return isAll ? Promise.resolve({ total: read, isCapped: false }) : undefined;
}
