import { createAccount } from '../accounts/account-statements.ts';
import { lockAccount, saveAccount } from '../accounts/lock-account.ts';
import { markVerified } from '../accounts/verify-email.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { AuthError } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import { endEverySession } from '../sessions/end-sessions.ts';

export interface SuperuserInput {
  readonly email: string;
  /** If undefined, a verified account keeps its password, and any other account gets none. */
  readonly password: string | undefined;
}

/**
 * Makes an account, new or existing, a verified `ADMIN`. Ends its sessions and codes if a password
 * is set or if the address was not verified before.
 */
export async function createSuperuser(ctx: Context, { email, password }: SuperuserInput) {
  const passwordHash = password === undefined ? undefined : await ctx.passwords.hash(password);
  return transaction(ctx, async (tx) => {
    const now = tx.clock.now();
    const known = await lockAccount(tx, email);
    const [created] = known
      ? []
      : await tx.sql.query(createAccount, [tx.newId(now), email, now, null]);
    // A concurrent request may have created it in between.
    const account = known ?? created ?? (await lockAccount(tx, email));
    if (!account) {
      const cure = `npx gatehouse users enable ${email}`;
      throw new AuthError(
        'FORBIDDEN',
        `The account is disabled. First run: ${cure}. If that finds no user, the address is reserved, because a user gave it up in the last 7 days.`,
      );
    }
    account.role = 'ADMIN';
    const isFirst = markVerified(account, now);
    if (passwordHash) account.passwordHash = passwordHash;
    await saveAccount(tx, account);
    const by = { role: 'ADMIN', by: 'createsuperuser', ...(isFirst && { verified: true }) };
    if (created) {
      record(tx, 'REGISTERED', account, { outcome: 'created', ...by });
      return 'created';
    }
    // Codes requested before the verification end too: they may carry a registration.
    if (passwordHash || isFirst) await endEverySession(tx, account);
    const fields = passwordHash ? ['role', 'password'] : ['role'];
    record(tx, 'PROFILE_UPDATED', account, { fields, ...by });
    return 'promoted';
  });
}
