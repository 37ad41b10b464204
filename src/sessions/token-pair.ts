import { createHash } from 'node:crypto';
import type { AccountRow } from '../accounts/account-statements.ts';
import { metadataClaim } from '../accounts/metadata-claim.ts';
import type { User } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import {
  ACCESS_LIFETIME,
  type AuthMethod,
  IDLE_LIFETIME,
  type SealedKey,
} from '../ports/tokens.ts';
import type { TokenState } from './session-statements.ts';

/** Tokens of a signed-in client. `expiresIn` in seconds. */
export interface AuthPayload {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly refreshExpiresAt: Date;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
  readonly user: User;
}

/** Everything that the tokens of a committed session are made of. */
export interface TokenSource
  extends Pick<TokenState, 'generation' | 'lastUsedAt' | 'idleExpiresAt'> {
  readonly sessionId: string;
  readonly startedAt: Date;
  readonly amr: readonly AuthMethod[];
  /** The `jti` of the newest refresh token, which is stored nowhere. */
  readonly jti: string;
  readonly user: User;
  readonly metadata: AccountRow['metadata'];
  readonly signingKey: SealedKey;
}

/** Returns the SHA-256 of a `jti`, as sessions store it. */
export const tokenHash = (jti: string): string =>
  createHash('sha256').update(jti).digest('base64url');

/** Returns when a refresh token that is made now expires if it stays unused. */
export const idleExpiry = (now: Date, expiresAt: Date): Date =>
  new Date(Math.min(now.getTime() + IDLE_LIFETIME * 1000, expiresAt.getTime()));

/** Signs the tokens of a session. */
export function signTokens(ctx: Context, source: TokenSource): AuthPayload {
  const { sessionId, jti, user, signingKey, startedAt: authTime, amr } = source;
  const { generation, lastUsedAt: madeAt, idleExpiresAt: expiresAt } = source;
  const { email, emailVerified, role } = user;
  const subject = { accountId: user.id, sessionId };
  const metadata = metadataClaim(ctx, user.id, source.metadata);
  const grant = { ...subject, email, emailVerified, role, metadata, authTime, amr };
  return {
    accessToken: ctx.tokens.signAccess(signingKey, grant, ctx.clock.now()),
    refreshToken: ctx.tokens.signRefresh(subject, { jti, generation, madeAt, expiresAt }),
    refreshExpiresAt: expiresAt,
    tokenType: 'Bearer',
    expiresIn: ACCESS_LIFETIME,
    user,
  };
}
