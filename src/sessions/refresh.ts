import { LockMode } from '@mikro-orm/core';
import { type User, userOf } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidToken } from '../errors.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { RefreshClaims } from '../ports.ts';
import { Session } from './session.entity.ts';
import { type AuthPayload, idleExpiry, signTokens, tokenHash } from './token-pair.ts';

/** Milliseconds in which a spent token may come again, if its answer was lost or two tabs ask. */
const GRACE = 10_000;

export interface RefreshTokensInput {
  readonly refreshToken: string;
}

/** A rotated session, and the `jti` of the one refresh token that is live in it. */
interface Rotation {
  readonly session: Session;
  readonly jti: string;
  readonly user: User;
}

/**
 * Exchanges a refresh token for a new pair, in one transaction (RFC 9700 §4.14.2). For 10 s the
 * direct parent gets the same child again; any other spent token ends the session.
 *
 * @throws AuthError INVALID_TOKEN
 */
export async function refreshTokens(
  ctx: Context,
  { refreshToken }: RefreshTokensInput,
): Promise<AuthPayload> {
  const claims = await ctx.tokens.readRefresh(refreshToken, ctx.clock.now());
  const rotation = claims && (await transaction(ctx, (tx) => rotate(tx, claims)));
  if (!rotation) throw invalidToken();
  return signTokens(ctx, rotation.session, rotation.jti, rotation.user);
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
  const account = session.account.unwrap();
  const presented = tokenHash(claims.jti);
  const rotation = { session, jti: tx.tokens.childOf(claims.jti), user: userOf(account) };

  if (presented === session.liveTokenHash) {
    session.parentTokenHash = presented;
    session.liveTokenHash = tokenHash(rotation.jti);
    session.lastUsedAt = now;
    session.idleExpiresAt = idleExpiry(now, session.expiresAt);
    record(tx, 'TOKEN_REFRESHED', account.email, { sessionId: session.id });
    return rotation;
  }
  const age = now.getTime() - session.lastUsedAt.getTime();
  if (presented === session.parentTokenHash && age <= GRACE) return rotation;

  session.endedAt = now;
  record(tx, 'TOKEN_REUSED', account.email, { sessionId: session.id });
  return undefined;
}
