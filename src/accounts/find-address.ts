import type { Context } from '../context.ts';
import { NotStarted } from '../errors/overloaded.ts';
import { admitUnknown } from '../rate-limits/address-limits.ts';
import { findAddresses } from './account-statements.ts';

/** State of an address, as seen by one client. */
export interface FoundAddress {
  readonly email: string;
  readonly hasAccount: boolean;
  /** Null also if there is no account. */
  readonly passwordHash: string | null;
  readonly emailVerified: boolean;
  /**
   * Whether nobody else can register it: its account is disabled, an administrator created it, or it
   * was given up so recently that this can be undone.
   */
  readonly isReserved: boolean;
  /** Challenge generation for new challenges of the address; 0 without an account. */
  readonly generation: number;
  /** Language of the account; null also if there is no account. */
  readonly locale: string | null;
  /** Whether the account has had a session from the client in the last 30 days. */
  readonly known: boolean;
}

/** Finds an address and admits the client. @throws NotStarted if a store or limit rejects it */
export async function findAddress(ctx: Context, email: string): Promise<FoundAddress> {
  const found = await read(ctx, email);
  if (!found.known) await admitUnknown(ctx, email);
  return found;
}

/**
 * Finds an address for an operation that hashes. Reserves a place in the hash queue before it
 * admits the client, so that a full queue leaves no trace of the address.
 */
export async function findAddressToHash(ctx: Context, email: string) {
  const found = await read(ctx, email);
  using reserved = new DisposableStack();
  const place = reserved.use(ctx.passwords.reserve(found.known));
  if (!found.known) await admitUnknown(ctx, email);
  reserved.move();
  return { ...found, place };
}

async function read(ctx: Context, email: string): Promise<FoundAddress> {
  const asked = { email, client: ctx.client.prefix, now: ctx.clock.now() };
  const row = await ctx.lookUps.find(findAddresses, asked).catch((cause) => {
    throw new NotStarted('Cannot read the account from PostgreSQL.', { cause });
  });
  if (!row) throw new Error('PostgreSQL returned no row for the address.');
  return { ...row, email };
}
