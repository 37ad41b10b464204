import type { Context } from '../context.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds for which a client stays known after its last session there has ended. */
const MEMORY = 30 * DAY;

/**
 * Whether the asking client is known to the address: a session of the account lived there in the
 * last 30 days. All others are strangers, and so is everybody to an address without an account.
 */
export async function isKnownClient(ctx: Context, email: string): Promise<boolean> {
  const since = new Date(ctx.clock.now().getTime() - MEMORY);
  const [row] = await ctx.em.execute<{ known: boolean }[]>(
    `select exists (
       select from sessions s join accounts a on a.id = s.account_id
       where a.email = ? and s.client = ? and s.idle_expires_at > ?
         and (s.ended_at is null or s.ended_at > ?)
     ) as known`,
    [email, ctx.client.prefix, since, since],
  );
  return row?.known === true;
}
