import type { Account } from '../accounts/account.entity.ts';
import { record } from '../audit/record.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { Session } from './session.entity.ts';

/** Ends all sessions of a locked account, except one if given, and all its active codes. */
export async function endEverySession(tx: Transaction, account: Account, except?: string) {
  account.challengeGeneration += 1;
  const others = except === undefined ? {} : { id: { $ne: except } };
  const endedAt = tx.clock.now();
  await tx.em.nativeUpdate(Session, { account, endedAt: null, ...others }, { endedAt });
}

/** Ends the active sessions that match an SQL condition. @returns their ids, oldest first */
export async function revokeSessions(
  tx: Transaction,
  account: { readonly id: string; readonly email: string },
  condition: string,
  values: readonly unknown[],
  metadata: object = {},
): Promise<readonly string[]> {
  const now = tx.clock.now();
  const ended = await tx.em.execute<{ id: string }[]>(
    `update sessions set ended_at = ?
     where account_id = ? and ended_at is null and idle_expires_at > ? and ${condition}
     returning id`,
    [now, account.id, now, ...values],
  );
  const ids = ended.map(({ id }) => id).sort();
  for (const sessionId of ids) {
    record(tx, 'SESSION_REVOKED', account, { sessionId, ...metadata });
  }
  return ids;
}
