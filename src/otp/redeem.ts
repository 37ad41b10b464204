import type { Transaction } from '../outbox/transaction.ts';
import type { Challenge } from '../ports.ts';
import { RedeemedChallenge } from './redeemed-challenge.entity.ts';

/**
 * Marks a challenge as redeemed, in the transaction that acts on its code.
 *
 * @returns false when it was redeemed before: Redis has lost what it knew, PostgreSQL has not
 */
export async function markRedeemed(tx: Transaction, challenge: Challenge): Promise<boolean> {
  const mark = tx.em
    .createQueryBuilder(RedeemedChallenge)
    .insert({ id: challenge.id, redeemedAt: tx.clock.now() })
    .onConflict('id')
    .ignore();
  const { affectedRows } = await mark.execute('run');
  return affectedRows === 1;
}
