import type { Account } from '../accounts/account.entity.ts';
import { record } from '../audit/record.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { SessionEnd } from '../ports/metrics.ts';
import { Session } from './session.entity.ts';

/** Counts sessions that the transaction ends. */
export function countEnds(tx: Transaction, cause: SessionEnd, sessions = 1): void {
  if (sessions > 0) tx.afterCommit.push(() => tx.metrics.add('sessionsEnded', [cause], sessions));
}

/** Ends all sessions of a locked account, except one if given, and all its active codes. */
export async function endEverySession(tx: Transaction, account: Account, except?: string) {
  account.challengeGeneration += 1;
  const others = except === undefined ? {} : { id: { $ne: except } };
  const endedAt = tx.clock.now();
  const ended = await tx.em.nativeUpdate(
    Session,
    { account, endedAt: null, ...others },
    { endedAt },
  );
  countEnds(tx, 'password', ended);
}

/** Ends the active sessions that match an SQL condition. @returns their ids, oldest first */
export async function revokeSessions(
  tx: Transaction,
  account: { readonly id: string; readonly email: string },
  condition: string,
  values: readonly unknown[],
  metadata: { readonly by?: 'wrongPasswords' } = {},
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
  countEnds(tx, metadata.by ?? 'revoked', ids.length);
  return ids;
}
