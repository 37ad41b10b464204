import type { AccountRow } from '../accounts/account-statements.ts';
import { record } from '../audit/record.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { SessionEnd } from '../ports/metrics.ts';
import { endTrust } from '../trusted-devices/end-trust.ts';
import { endSessionsOf, revokeActiveSessions } from './session-statements.ts';

/** Counts sessions that the transaction ends. */
export function countEnds(tx: Transaction, cause: SessionEnd, sessions = 1): void {
  if (sessions > 0) tx.afterCommit.push(() => tx.metrics.add('sessionsEnded', [cause], sessions));
}

/**
 * Ends all sessions of a locked account, except one if given, all its active codes, and the trust in all
 * its devices.
 */
export async function endEverySession(
  tx: Transaction,
  { id }: Pick<AccountRow, 'id'>,
  except: string | null = null,
  cause: SessionEnd = 'password',
): Promise<void> {
  const ended = await tx.sql.query(endSessionsOf, [id, tx.clock.now(), except]);
  await endTrust(tx, id);
  countEnds(tx, cause, ended.length);
}

/** All sessions of an account, one of them, or all except one. */
export type WhichSessions = { readonly only?: string } | { readonly except: string };

/**
 * Ends active sessions of an account, and the trust in their devices. All except one: the trust in every
 * device but that of this session. @returns their ids, oldest first
 */
export async function revokeSessions(
  tx: Transaction,
  account: { readonly id: string; readonly email: string },
  which: WhichSessions,
  metadata: { readonly by?: string } = {},
): Promise<readonly string[]> {
  const { only, except } = { only: null, except: null, ...which };
  const values = [account.id, tx.clock.now(), only, except];
  const ended = await tx.sql.query(revokeActiveSessions, values);
  await endTrust(tx, account.id, which);
  const ids = ended.map(({ id }) => id).sort();
  for (const sessionId of ids) {
    record(tx, 'SESSION_REVOKED', account, { sessionId, ...metadata });
  }
  countEnds(tx, metadata.by === 'wrongPasswords' ? metadata.by : 'revoked', ids.length);
  return ids;
}
