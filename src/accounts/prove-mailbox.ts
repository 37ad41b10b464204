import { putMail } from '../outbox/put.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { Account } from './account.entity.ts';
import { lockAccount } from './lock-account.ts';
import { passwordMark } from './password-mark.ts';

/**
 * The account of an address whose owner has just shown that the mailbox is theirs; it is locked
 * until the transaction ends, and made if there is none and codes may sign up.
 *
 * A password that was set before the first proof stays only if the owner knows it, which
 * `passwordMark` shows; else a stranger may have set it, and it goes.
 *
 * @returns undefined where the address has no account and gets none, or where the account's live
 *   codes have ended since
 */
export async function proveMailbox(
  tx: Transaction,
  email: string,
  shown: { epoch: number; passwordMark: string | null },
): Promise<Account | undefined> {
  const account = (await lockAccount(tx, email)) ?? (await signUp(tx, email));
  if (account?.challengeEpoch !== shown.epoch) return undefined;
  if (account.emailVerifiedAt) return account;
  account.emailVerifiedAt = tx.clock.now();
  if (account.passwordHash && passwordMark(account.passwordHash) !== shown.passwordMark) {
    account.passwordHash = null;
    await putMail(tx, email, { about: 'PASSWORD_DROPPED' });
  }
  return account;
}

async function signUp(tx: Transaction, email: string): Promise<Account | undefined> {
  if (!tx.config.otpSignup) return undefined;
  const now = tx.clock.now();
  // Somebody else may be doing the same: whoever comes second waits here and finds the row.
  await tx.em.execute(
    `insert into accounts (id, email, role, created_at) values (?, ?, 'USER', ?)
     on conflict (email) do nothing`,
    [tx.newId(now), email, now],
  );
  return lockAccount(tx, email);
}
