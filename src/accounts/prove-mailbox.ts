import { LockMode } from '@mikro-orm/core';
import { putMail } from '../outbox/put.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { Account } from './account.entity.ts';
import { passwordMark } from './password-mark.ts';

/**
 * The account of an address whose owner has just shown that the mailbox is theirs; it is locked
 * until the transaction ends, and made if there is none and codes may sign up.
 *
 * A password that was set before the first proof stays only if the owner knows it, which
 * `knownPassword` (a mark) shows; else a stranger may have set it, and it goes.
 *
 * @returns undefined where the address has no account and gets none
 */
export async function proveMailbox(
  tx: Transaction,
  email: string,
  knownPassword: string | null,
): Promise<Account | undefined> {
  const account = (await lock(tx, email)) ?? (await signUp(tx, email));
  if (!account || account.emailVerifiedAt) return account;
  account.emailVerifiedAt = tx.clock.now();
  if (account.passwordHash && passwordMark(account.passwordHash) !== knownPassword) {
    account.passwordHash = null;
    const { ip, userAgent } = tx.client;
    await putMail(tx, {
      about: 'PASSWORD_DROPPED',
      to: email,
      asked: { at: tx.clock.now(), ip, userAgent },
    });
  }
  return account;
}

async function lock(tx: Transaction, email: string): Promise<Account | undefined> {
  const found = await tx.em.findOne(
    Account,
    { email },
    { lockMode: LockMode.PESSIMISTIC_WRITE, populate: ['passwordHash'] },
  );
  return found ?? undefined;
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
  return lock(tx, email);
}
