import type { Context } from '../context.ts';
import { NotStarted, OverloadedError } from '../errors/overloaded.ts';
import { refuse } from './reject.ts';

/** Seconds after which Redis may have room again. */
const WAIT = 5;

/**
 * Admits an unknown client to an address before any state about the address is stored. Limits how
 * much of Redis unknown clients can fill: by distinct addresses per network, and in total.
 *
 * @throws NotStarted caused by AuthError RATE_LIMITED
 * @throws OverloadedError while the rest of Redis' memory is reserved for known clients
 */
export async function admitUnknown(ctx: Context, email: string): Promise<void> {
  if (!(await ctx.rateLimits.hasRoom())) throw new OverloadedError(WAIT);
  const refusal = await ctx.rateLimits.touch(email, ctx.client.prefix);
  if (!refusal) return;
  // Refunds the limit of the field: nothing is kept about a client in a network past its limit.
  await refuse(ctx, 'RATE_LIMITED', email, refusal).catch((cause) => {
    throw new NotStarted('the network has touched too many addresses', { cause });
  });
}
