import { refuse } from '../audit/refuse.ts';
import type { Context } from '../context.ts';
import { Busy } from '../ports.ts';

/** Seconds after which Redis may have room again. */
const WAIT = 5;

/**
 * Lets an unknown client touch an address, before anything is kept about the address. Bounds what
 * unknown clients can fill Redis with: by how many addresses each network touches, and in total.
 *
 * @throws AuthError RATE_LIMITED
 * @throws Busy while the rest of Redis' memory is reserved for known clients
 */
export async function admitUnknown(ctx: Context, email: string): Promise<void> {
  if (!(await ctx.budgets.hasRoom())) throw new Busy(WAIT);
  const refusal = await ctx.budgets.touch(email, ctx.client.prefix);
  if (refusal) await refuse(ctx, 'RATE_LIMITED', email, refusal);
}
