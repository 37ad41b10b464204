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
import { type AuthPayload, signTokens, type TokenSource } from './token-pair.ts';

/** A session, and the `jti` of its newest refresh token. */
type Rotation = Omit<TokenSource, 'signingKey'>;

/**
 * Exchanges a refresh token for a new pair, in one transaction. The direct parent may be presented
 * again while its child is unused; any other spent token ends the session.
 *
 * @throws AuthError INVALID_TOKEN
 */
export async function refreshTokens(
  ctx: Context,
  { refreshToken }: RefreshTokensInput,
): Promise<AuthPayload> {
  const claims = await ctx.tokens.readRefresh(refreshToken, ctx.clock.now());
  // Fifty tabs at once wait here, rather than for the session's lock with a connection each.
  const source =
    claims &&
    (await ctx.keyedMutex.run(claims.sid, () =>
      transaction(ctx, async (tx) => {
        // Before the session is locked, so that nobody waits for it.
        const signingKey = await currentKeyAt(tx.em, tx.clock.now());
        const rotation = await rotate(tx, claims);
        return rotation && { ...rotation, signingKey };
      }),
    ));
  if (!source) throw invalidToken();
  return signTokens(ctx, source);
}

async function rotate(tx: Transaction, claims: RefreshClaims): Promise<Rotation | undefined> {
  const session = await tx.em.findOne(
    Session,
    { id: claims.sid, account: claims.sub },
    // Of the session alone (MikroORM calls its table s0). Whoever comes second waits, and then sees what the first has done.
    {
      lockMode: LockMode.PESSIMISTIC_WRITE,
      lockTableAliases: ['s0'],
      populate: ['account', 'account.passwordHash'],
    },
  );
  const now = tx.clock.now();
  if (!session?.isLive(now)) return undefined;
  if (claims.generation > session.generation) {
    tx.warnOnce(
      'database-older-than-tokens',
      'The database is older than refresh tokens that were issued from it: it was restored, or a ' +
        'replica took over without the newest writes. Clients that hold such tokens must sign in ' +
        'again. See docs/operate/restore.md.',
    );
    return undefined;
  }
  const account = session.account.unwrap();
  const sessionId = session.id;
  const step = takeStep(session, claims.jti, tx.tokens, now);
  switch (step.result) {
    case 'new': {
      const sibling = step.number > 1 ? { child: step.number } : {};
      record(tx, 'TOKEN_REFRESHED', account.email, { sessionId, ...sibling });
      return { session, jti: step.jti, user: userOf(account) };
    }
    case 'same':
      return { session, jti: step.jti, user: userOf(account) };
    case 'reused':
      session.endedAt = now;
      record(tx, 'TOKEN_REUSED', account.email, { sessionId });
      await enqueueMail(tx, account.email, { about: 'TOKEN_REUSED' });
      return undefined;
    case 'refused':
      return undefined;
  }
}
