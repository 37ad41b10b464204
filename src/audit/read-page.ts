import type { Context } from '../context.ts';
import type { AuditLogFilter } from './audit-inputs.ts';
import type { AuditReader } from './audit-reader.ts';
import { type AuditCount, countAuditEvents, MOST_COUNTED } from './count-events.ts';
import { type AuditPage, listAuditEvents } from './list-events.ts';

/** Offset from which counting costs less than skipping rows. */
const DEEP = 1000;

/** Reads a page of the log, a deep one from the nearer end. `count` counts all rows, once. */
export async function readAuditPage(
  ctx: Context,
  reader: AuditReader,
  filter: AuditLogFilter,
  page: AuditPage & { readonly offset: number },
) {
  let counted: Promise<AuditCount> | undefined;
  const count = () => (counted ??= countAuditEvents(ctx, reader, filter));
  const nearer = (await fromOldest(page, count)) ?? page;
  const { rows, hasMore } =
    nearer.size > 0 || nearer === page
      ? await listAuditEvents(ctx, reader, filter, nearer)
      : { rows: [], hasMore: false };
  if (page.offset + rows.length > MOST_COUNTED) {
    counted ??= Promise.resolve({ total: MOST_COUNTED, isCapped: true });
  }
  return { rows, hasMore: nearer === page ? hasMore : (nearer.offset ?? 0) > 0, count };
}

/** Returns the same page as seen from the oldest row, if that is nearer. */
async function fromOldest(
  { offset, size, olderThan, newerThan }: AuditPage & { readonly offset: number },
  count: () => Promise<AuditCount>,
): Promise<AuditPage | undefined> {
  if (offset <= DEEP || offset >= MOST_COUNTED || olderThan || newerThan) return undefined;
  const { total, isCapped } = await count();
  const left = Math.max(0, total - offset);
  if (isCapped || left > offset) return undefined;
  return { size: Math.min(size, left), end: 'oldest', offset: Math.max(0, left - size) };
}
