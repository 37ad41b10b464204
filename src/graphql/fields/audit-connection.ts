import type { AuditLogsArguments } from '../../audit/audit-inputs.ts';
import { readerOf } from '../../audit/audit-reader.ts';
import { readAuditPage } from '../../audit/read-page.ts';
import { badUserInput } from '../../errors/auth-error.ts';
import { type RequestContext, viewerOf } from '../graphql-context.ts';
import { laggingContext } from '../lagging-context.ts';

const DEFAULT_SIZE = 20;

/** A connection by the Relay Cursor Connections Specification. */
export type AuditConnection = Awaited<ReturnType<typeof connect>>;

/** Reads a page of the audit log. @throws AuthError BAD_USER_INPUT for an invalid cursor */
export async function connect(
  ctx: RequestContext,
  { first, after, last, before, offset, filter }: AuditLogsArguments,
) {
  const reader = (await ctx.apiKey()) ? 'ADMIN' : readerOf(ctx, (await viewerOf(ctx)).user);
  const backwards = last != null;
  const { rows, hasMore, count } = await readAuditPage(
    await laggingContext(ctx),
    reader,
    filter ?? {},
    {
      size: last ?? first ?? DEFAULT_SIZE,
      end: backwards ? 'oldest' : 'newest',
      olderThan: idOf('after', after),
      newerThan: idOf('before', before),
      offset: offset ?? 0,
    },
  );
  const edges = rows.map((node) => ({ cursor: cursorOf(node.id), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: backwards ? before != null : hasMore,
      hasPreviousPage: backwards ? hasMore : after != null || (offset ?? 0) > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    count,
  };
}

const cursorOf = (id: string): string => Buffer.from(id).toString('base64url');

function idOf(argument: string, cursor: string | null | undefined): string | undefined {
  if (cursor == null) return undefined;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) && cursorOf(id) === cursor) return id;
  throw badUserInput({ [argument]: ['Not a valid cursor. Use a cursor from an earlier page.'] });
}
