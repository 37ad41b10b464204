import { LockMode } from '@mikro-orm/core';
import { userOf } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidToken } from '../errors/auth-error.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import type { RefreshClaims } from '../ports/tokens.ts';
import { currentKeyAt } from '../signing-keys/current-key.ts';
import { Session } from './session.entity.ts';
import type { RefreshTokensInput } from './session-inputs.ts';
import { takeStep } from './token-chain.ts';
import { signTokens, type TokenSource } from './token-pair.ts';

/**
 * Exchanges a refresh token for a new pair. The direct parent may be presented again while its
 * child is unused; any other used token ends the session.
 */
export async function refreshTokens(ctx: Context, { refreshToken }: RefreshTokensInput) {
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
  // Reads the key before it locks the session.
  const signingKey = await currentKeyAt(tx.em, now);
  const session = await lockSession(tx, claims);
  if (!session?.isLive(now)) return undefined;
  if (claims.generation > session.generation) return warnOfOldDatabase(tx);
  const account = session.account.unwrap();
  const sessionId = session.id;
  const step = takeStep(session, claims.jti, tx.tokens, now);
  if (step.result === 'rejected') return undefined;
  if (step.result === 'reused') {
    session.endedAt = now;
    record(tx, 'TOKEN_REUSED', account.email, { sessionId });
    await enqueueMail(tx, account.email, { about: 'TOKEN_REUSED' });
    return undefined;
  }
  if (step.result === 'new') {
    const sibling = step.number > 1 ? { child: step.number } : {};
    record(tx, 'TOKEN_REFRESHED', account.email, { sessionId, ...sibling });
  }
  return { session, jti: step.jti, user: userOf(account), signingKey };
}

/** Loads a session and its account. Locks the session alone, which MikroORM calls s0. */
const lockSession = (tx: Transaction, { sid, sub }: RefreshClaims) =>
  tx.em.findOne(
    Session,
    { id: sid, account: sub },
    {
      lockMode: LockMode.PESSIMISTIC_WRITE,
      lockTableAliases: ['s0'],
      populate: ['account', 'account.passwordHash'],
    },
  );

function warnOfOldDatabase(tx: Transaction): undefined {
  tx.warnOnce(
    'database-older-than-tokens',
    'The database is older than a refresh token that it issued: it was restored from a backup, or ' +
      'a failover lost recent writes. Clients with such tokens must sign in ' +
      'again. See docs/operate/restore.md.',
  );
}
