import { type Context, replaceParts } from '../context.ts';
import type { RequestContext } from './graphql-context.ts';

/** Returns who makes a request: the id of the account or of the API key. */
async function writerOf(ctx: RequestContext): Promise<string | undefined> {
  return (await ctx.apiKey())?.id ?? (await ctx.viewer())?.user.id;
}

/**
 * Returns the context for a list that may lag. It reads from the replica, unless the reader has just
 * written: nobody misses a change of their own. The reader and its rights come from the primary.
 */
export async function laggingContext(ctx: RequestContext): Promise<Context> {
  const { laggingReads: reads } = ctx;
  const writer = reads && (await writerOf(ctx));
  if (!writer || !(await reads.hasWritesOf(writer))) return ctx;
  return replaceParts(ctx, { sql: reads.sql });
}

/** Records that the account or API key of a request is about to write. */
export async function noteWrite(ctx: RequestContext): Promise<void> {
  const { laggingReads: reads } = ctx;
  const writer = reads && (await writerOf(ctx).catch(() => undefined));
  if (writer) await reads?.noteWrite(writer);
}
