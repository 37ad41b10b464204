import { userOf } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidToken } from '../errors/auth-error.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import type { RefreshClaims } from '../ports/tokens.ts';
import { requireKey } from '../signing-keys/current-key.ts';
import { endTrust } from '../trusted-devices/end-trust.ts';
import { countEnds } from './end-sessions.ts';
import { endSession, lockSession, saveTokens, type TokenState } from './session-statements.ts';
import { takeStep } from './token-chain.ts';
import { type AuthPayload, signTokens, type TokenSource } from './token-pair.ts';

/**
 * Exchanges a refresh token for a new pair. The direct parent may be presented again while its
 * child is unused; any other used token ends the session.
 */
export async function refreshTokens(
  ctx: Context,
  { refreshToken }: { readonly refreshToken: string },
): Promise<AuthPayload> {
  const claims = ctx.tokens.readRefresh(refreshToken, ctx.clock.now());
  if (!claims) throw invalidToken();
  // Concurrent requests of one session wait here, not for its lock with a connection each.
  const source = await ctx.keyedMutex.run(claims.sid, () =>
    transaction(ctx, (tx) => rotate(tx, claims)),
  );
  if (!source) throw invalidToken();
  return signTokens(ctx, source);
}

async function rotate(tx: Transaction, claims: RefreshClaims): Promise<TokenSource | undefined> {
  const now = tx.clock.now();
  const { sid: sessionId, sub } = claims;
  const [session] = await tx.sql.query(lockSession, [sessionId, sub, now]);
  if (!session || session.endedAt || session.idleExpiresAt <= now) return undefined;
  if (claims.generation > session.generation) return warnOfOldDatabase(tx);
  const { email } = session;
  const step = takeStep(session, claims.jti, tx.tokens, now);
  if (step.result === 'rejected') return undefined;
  if (step.result === 'reused') {
    await tx.sql.query(endSession, [sessionId, now]);
    // Whoever has the token may have copied the cookie of the device too, and used it.
    await endTrust(tx, sub, { copiedWith: sessionId });
    countEnds(tx, 'reuse');
    record(tx, 'TOKEN_REUSED', { id: sub, email }, { sessionId });
    await enqueueMail(tx, session, { about: 'TOKEN_REUSED' });
    return undefined;
  }
  if (step.result === 'new') {
    save(tx, sessionId, session);
    const sibling = step.number > 1 ? { child: step.number } : {};
    record(tx, 'TOKEN_REFRESHED', { id: sub, email }, { sessionId, ...sibling });
  }
  const signingKey = requireKey(session);
  return { ...session, sessionId, jti: step.jti, user: userOf(session), signingKey };
}

const save = (tx: Transaction, id: string, session: TokenState): void =>
  tx.sql.queue(saveTokens, [
    ...[id, session.liveTokenHash, session.parentTokenHash, session.olderSiblings],
    ...[session.generation, session.lastUsedAt, session.idleExpiresAt],
  ]);

function warnOfOldDatabase(tx: Transaction): undefined {
  tx.warnOnce(
    'database-older-than-tokens',
    'The database is older than a refresh token that it issued: it was restored from a backup, or ' +
      'a failover lost recent writes. Clients with such tokens must sign in ' +
      'again. See docs/operate/restore.md.',
  );
}
