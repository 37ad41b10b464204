import { Account } from '../accounts/account.entity.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { dropUnverified } from '../accounts/verify-email.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { transaction } from '../outbox/transaction.ts';
import { endEverySession } from '../sessions/end-sessions.ts';

export interface SuperuserInput {
  readonly email: string;
  /** If undefined, a verified account keeps its password, and any other account gets none. */
  readonly password: string | undefined;
}

/**
 * Makes a verified `ADMIN`: a new account, or an existing one. Ends its sessions and codes if a
 * password is set or if the address was not verified before; in the latter case, also drops its
 * names.
 *
 * @returns whether the account was created or promoted
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
    const unverified = !account.emailVerifiedAt;
    if (unverified) dropUnverified(account);
    account.emailVerifiedAt ??= now;
    if (passwordHash) account.passwordHash = passwordHash;
    // Codes requested before the verification end too: they may carry a registration.
    if (known && (passwordHash || unverified)) await endEverySession(tx, account);
    const by = 'createsuperuser';
    const fields = ['role', ...(passwordHash ? ['password'] : [])];
    if (known) record(tx, 'PROFILE_UPDATED', email, { fields, role: 'ADMIN', by });
    else record(tx, 'REGISTERED', email, { outcome: 'created', role: 'ADMIN', by });
    return known ? 'promoted' : 'created';
  });
}
