import type { Context } from '../context.ts';
import type { OutboxEntry } from './outbox-entry.entity.ts';

/** A context inside a transaction: what is put into its outbox is announced after the commit. */
export interface Transaction extends Context {
  readonly pending: Pick<OutboxEntry, 'id' | 'kind'>[];
}

/**
 * Runs `work` in one PostgreSQL transaction: the change, its audit events and its mails are all
 * there or none. A failure rolls back and announces nothing.
 */
export async function transaction<T>(
  ctx: Context,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const pending: Transaction['pending'] = [];
  const result = await ctx.em.transactional((em) => work({ ...ctx, em, pending }));
  for (const { kind, id } of pending) ctx.jobs.announce(kind, id);
  return result;
}
