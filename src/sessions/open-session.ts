import { randomUUID } from 'node:crypto';
import type { AccountRow } from '../accounts/account-statements.ts';
import { userOf } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import { preferredLanguages } from '../outbox/preferred-languages.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { type AuthMethod, SESSION_LIFETIME } from '../ports/tokens.ts';
import { requireKey } from '../signing-keys/current-key.ts';
import { type ActiveDevice, bindDevice } from '../trusted-devices/active-device.ts';
import { countEnds } from './end-sessions.ts';
import { insertSession } from './session-statements.ts';
import { idleExpiry, type TokenSource, tokenHash } from './token-pair.ts';

/** Maximum active sessions of one account (ASVS 5.0 7.1.2). */
const MAX_SESSIONS = 20;

/**
 * Saves a locked account and opens a session of it. If it has too many, ends the oldest. Every way to
 * sign in ends here, so no forgotten one bypasses the second factor.
 *
 * @param device the trusted device of the browser, if it has one
 */
export async function openSession(
  tx: Transaction,
  account: AccountRow,
  amr: readonly AuthMethod[],
  device?: ActiveDevice,
): Promise<TokenSource> {
  if (account.factorsSince && !amr.includes('mfa') && !device) {
    throw new Error('A sign-in without the second factor of the account.');
  }
  const now = tx.clock.now();
  const sessionId = tx.newId(now);
  const jti = randomUUID();
  const expiresAt = new Date(now.getTime() + SESSION_LIFETIME * 1000);
  const idleExpiresAt = idleExpiry(now, expiresAt);
  const { ip, prefix, userAgent } = tx.client;
  const { id, email, emailVerifiedAt, passwordHash, firstName, lastName } = account;
  const times = [now, idleExpiresAt, expiresAt];
  const session = [sessionId, id, tokenHash(jti), amr, ...times, ip, prefix, userAgent];
  const [language = null] = preferredLanguages(tx.client.acceptLanguage);
  const saved = [emailVerifiedAt, passwordHash, firstName, lastName, language];
  const values = [...session, MAX_SESSIONS - 1, ...saved];
  const [row] = await tx.sql.query(insertSession, values);
  for (const ended of row?.ended ?? []) {
    record(tx, 'SESSION_REVOKED', email, { sessionId: ended, by: 'limit' });
  }
  countEnds(tx, 'limit', row?.ended.length);
  if (device) await bindDevice(tx, device, sessionId);
  tx.afterCommit.push(() => tx.metrics.add('sessionsOpened'));
  return {
    ...{ sessionId, jti, amr, generation: 1, startedAt: now, lastUsedAt: now, idleExpiresAt },
    user: userOf({ ...account, lastLoginAt: now, locale: account.locale ?? language }),
    metadata: account.metadata,
    signingKey: requireKey(row),
  };
}
