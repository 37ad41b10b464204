import { createHash } from 'node:crypto';
import type { User } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { ACCESS_LIFETIME, IDLE_LIFETIME, type SealedKey } from '../ports/tokens.ts';
import type { Session } from './session.entity.ts';

/** What a client holds once it is signed in. `expiresIn` in seconds. */
export interface AuthPayload {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
  readonly user: User;
}

/** SHA-256 of a `jti`, as sessions keep it. */
export function tokenHash(jti: string): string {
  return createHash('sha256').update(jti).digest('base64url');
}

/** When a refresh token made now dies if nobody uses it. */
export function idleExpiry(now: Date, expiresAt: Date): Date {
  return new Date(Math.min(now.getTime() + IDLE_LIFETIME * 1000, expiresAt.getTime()));
}

/** What the tokens of a session are made of, as its transaction has found it. */
export interface TokenSource {
  readonly session: Session;
  /** The `jti` of the newest refresh token. */
  readonly jti: string;
  readonly user: User;
  /** Signs the access token. */
  readonly signingKey: SealedKey;
}

/** Signs the tokens of a session that is committed. */
export async function signTokens(ctx: Context, source: TokenSource): Promise<AuthPayload> {
  const { session, jti, user, signingKey } = source;
  const { generation, lastUsedAt, idleExpiresAt, createdAt: authTime, amr } = session;
  const { email, emailVerified, role } = user;
  const subject = { accountId: user.id, sessionId: session.id };
  const grant = { ...subject, email, emailVerified, role, authTime, amr };
  return {
    accessToken: await ctx.tokens.signAccess(signingKey, grant, ctx.clock.now()),
    refreshToken: ctx.tokens.signRefresh(subject, {
      jti,
      generation,
      madeAt: lastUsedAt,
      expiresAt: idleExpiresAt,
    }),
    tokenType: 'Bearer',
    expiresIn: ACCESS_LIFETIME,
    user,
  };
}
