import { LockMode } from '@mikro-orm/core';
import { userOf } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { invalidToken } from '../errors.ts';
import { signerAt } from '../keys/signer.ts';
import { putMail } from '../outbox/put.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';
import type { RefreshClaims } from '../token-ports.ts';
import { Session } from './session.entity.ts';
import {
  type AuthPayload,
  idleExpiry,
  signTokens,
  type TokenSource,
  tokenHash,
} from './token-pair.ts';

/** Milliseconds in which a spent token may come again, if its answer was lost or two tabs ask. */
const GRACE = 10_000;

export interface RefreshTokensInput {
  readonly refreshToken: string;
}

/** A rotated session, and the `jti` of the one refresh token that is live in it. */
type Rotation = Omit<TokenSource, 'signer'>;

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
  // Fifty tabs at once wait here, rather than for the session's lock with a connection each.
  const source =
    claims &&
    (await ctx.turns.take(claims.sid, () =>
      transaction(ctx, async (tx) => {
        // Before the session is locked, so that nobody waits for it.
        const signer = await signerAt(tx.em, tx.clock.now());
        const rotation = await rotate(tx, claims);
        return rotation && { ...rotation, signer };
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
  const account = session.account.unwrap();
  const presented = tokenHash(claims.jti);
  const children = tx.tokens.childrenOf(claims.jti);
  const user = userOf(account);

  if (presented === session.liveTokenHash) {
    const [jti] = children;
    session.parentTokenHash = presented;
    session.liveTokenHash = tokenHash(jti);
    session.lastUsedAt = now;
    session.idleExpiresAt = idleExpiry(now, session.expiresAt);
    record(tx, 'TOKEN_REFRESHED', account.email, { sessionId: session.id });
    return { session, jti, user };
  }
  const age = now.getTime() - session.lastUsedAt.getTime();
  if (presented === session.parentTokenHash && Math.abs(age) <= GRACE) {
    // None, where a secret that this process does not have has made it.
    const jti = children.find((child) => tokenHash(child) === session.liveTokenHash);
    return jti === undefined ? undefined : { session, jti, user };
  }

  session.endedAt = now;
  record(tx, 'TOKEN_REUSED', account.email, { sessionId: session.id });
  await putMail(tx, account.email, { about: 'TOKEN_REUSED' });
  return undefined;
}
