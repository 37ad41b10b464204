import { isKnownClient, knownClientValues } from '../audit/known-client.ts';
import type { Context } from '../context.ts';
import { NotStarted } from '../ports.ts';
import { admitUnknown } from './admit-unknown.ts';

/** An address as it is when somebody asks for it from a client. */
export interface FoundAddress {
  readonly hasAccount: boolean;
  /** Null where there is no account, too. */
  readonly passwordHash: string | null;
  /** Whether the mailbox is proved. */
  readonly proven: boolean;
  /** That a challenge for the address is made in: 0 without an account. */
  readonly epoch: number;
  /**
   * Whether the asking client is known to the address: a session of the account lived there in the
   * last 30 days. All others are strangers, and so is everybody to an address without an account.
   */
  readonly known: boolean;
}

/**
 * Finds an address, and admits the asking client. One row of the same columns for every address, so
 * that reading it takes the same time.
 *
 * @throws AuthError RATE_LIMITED for an unknown client that touches too many addresses
 * @throws NotStarted where PostgreSQL, or the memory for unknown clients, is not available
 */
export async function findAddress(ctx: Context, email: string): Promise<FoundAddress> {
  const found = await readAddress(ctx, email).catch((cause) => {
    throw new NotStarted('the address cannot be read', { cause });
  });
  if (!found.known) await admitUnknown(ctx, email);
  return found;
}

async function readAddress(ctx: Context, email: string): Promise<FoundAddress> {
  const [row] = await ctx.em.execute<[FoundAddress]>(
    `select a.id is not null as "hasAccount",
       a.password_hash as "passwordHash",
       a.email_verified_at is not null as proven,
       coalesce(a.challenge_epoch, 0) as epoch,
       ${isKnownClient} as known
     from (select) asked left join accounts a on a.email = ?`,
    [...knownClientValues(ctx.client.prefix, ctx.clock.now()), email],
  );
  return row;
}
