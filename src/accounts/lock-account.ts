import { LockMode } from '@mikro-orm/core';
import type { Transaction } from '../outbox/transaction.ts';
import { Account } from './account.entity.ts';

/** The account of an address, locked until the transaction ends, with its password hash. */
export async function lockAccount(tx: Transaction, email: string): Promise<Account | undefined> {
  const found = await tx.em.findOne(
    Account,
    { email },
    { lockMode: LockMode.PESSIMISTIC_WRITE, populate: ['passwordHash'] },
  );
  return found ?? undefined;
}
