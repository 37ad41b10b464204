import { Account } from '../accounts/account.entity.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { transaction } from '../outbox/transaction.ts';
import { endEverySession } from '../sessions/end-sessions.ts';

export interface SuperuserInput {
  readonly email: string;
  /** Without it, a proven account keeps its own, and any other has none. */
  readonly password: string | undefined;
}

/**
 * Makes a proven `ADMIN`: a new account, or one that exists, whose sessions end where a password is
 * set.
 *
 * @returns whether it was made or promoted
 */
export async function createSuperuser(
  ctx: Context,
  { email, password }: SuperuserInput,
): Promise<'created' | 'promoted'> {
  const passwordHash = password === undefined ? undefined : await ctx.passwords.hash(password);
  return transaction(ctx, async (tx) => {
    const now = tx.clock.now();
    const known = await lockAccount(tx, email);
    const account = known ?? tx.em.create(Account, { id: tx.newId(now), email, createdAt: now });
    account.role = 'ADMIN';
    // Before the proof a stranger may have set the password that is there.
    if (passwordHash || !account.emailVerifiedAt) account.passwordHash = passwordHash ?? null;
    account.emailVerifiedAt ??= now;
    if (known && passwordHash) await endEverySession(tx, account);
    const by = 'createsuperuser';
    const fields = ['role', ...(passwordHash ? ['password'] : [])];
    if (known) record(tx, 'PROFILE_UPDATED', email, { fields, role: 'ADMIN', by });
    else record(tx, 'REGISTERED', email, { outcome: 'created', role: 'ADMIN', by });
    return known ? 'promoted' : 'created';
  });
}
