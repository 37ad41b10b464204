import { recordFailure } from '../audit/record.ts';
import type { Context } from '../context.ts';
import type { AuthError } from '../errors/auth-error.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import { wrongPasswords } from '../rate-limits/address-limits.ts';
import { reject } from '../rate-limits/reject.ts';
import { type FoundAddress, findAddressToHash } from './find-address.ts';

/** An address whose password was right. Holds a place in the hash queue until disposed of. */
export interface VerifiedPassword extends FoundAddress, Disposable {
  /** The hash that the password was compared with. */
  readonly passwordHash: string;
  /** Refunds the attempt. Called after the commit: in an outage, right and wrong look the same. */
  settle(): Promise<void>;
}

/** Parts of a password check that depend on the operation. */
export interface PasswordCheck {
  /** Creates the error of a wrong password. */
  readonly wrong: () => AuthError;
  /** Metadata of the event `LOGIN_FAILED`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Counts the attempt elsewhere too, before the comparison. */
  readonly count?: () => Promise<void>;
  /** Runs in the transaction that records a wrong password. */
  readonly onWrong?: (tx: Transaction) => Promise<void>;
}

/**
 * Checks the password of an address. Counts the attempt before the comparison, so that concurrent
 * guesses cannot pass together. Takes the same time without an account or a password.
 */
export async function verifyPassword(
  ctx: Context,
  email: string,
  password: string,
  check: PasswordCheck,
): Promise<VerifiedPassword> {
  const { place, passwordHash, ...found } = await findAddressToHash(ctx, email);
  using held = new DisposableStack();
  held.use(place);
  const limits = wrongPasswords(ctx, found.known);
  const exceeded = await ctx.rateLimits.consume(email, limits, ctx.client.prefix);
  if (exceeded) return reject(ctx, 'LOGIN_LOCKED', email, exceeded);
  await check.count?.();
  if (!(await ctx.passwords.verify(passwordHash, password)) || passwordHash === null) {
    await transaction(ctx, async (tx) => {
      await recordFailure(tx, 'LOGIN_FAILED', email, check.metadata);
      await check.onWrong?.(tx);
    });
    throw check.wrong();
  }
  const kept = held.move();
  return {
    ...found,
    passwordHash,
    settle: () => ctx.rateLimits.refund(email, limits),
    [Symbol.dispose]: () => kept.dispose(),
  };
}
