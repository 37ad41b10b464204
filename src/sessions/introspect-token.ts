import { metadataClaim } from '../accounts/metadata-claim.ts';
import type { Context } from '../context.ts';
import { mustEnroll } from '../factors/required-factor.ts';
import type { AccessClaims, RefreshClaims } from '../ports/tokens.ts';
import { findChains, findGrants } from './introspection-look-ups.ts';
import { isUnused } from './token-chain.ts';

/** Claims of a token, by their names in tokens (RFC 7662 §2.2). */
type Claims = Readonly<Record<string, unknown>>;

/**
 * Returns the claims of an active token, as a token that is made now would have them; undefined for any
 * other token, and for a session that may only enrol a factor. One statement, like `authenticate`. Changes nothing: a used refresh token raises no alarm.
 */
export async function introspectToken(ctx: Context, token: string): Promise<Claims | undefined> {
  const now = ctx.clock.now();
  const access = await ctx.tokens.readAccess(token, now);
  if (access) return describeAccess(ctx, access, now);
  const refresh = ctx.tokens.readRefresh(token, now);
  return refresh && describeRefresh(ctx, refresh, now);
}

async function describeAccess(
  ctx: Context,
  { kid, sid, sub, jti, iat, exp }: AccessClaims,
  now: Date,
): Promise<Claims | undefined> {
  const found = await ctx.lookUps.find(findGrants, { kid, sid, sub, now });
  if (!found || mustEnroll(ctx, found)) return undefined;
  const metadata = metadataClaim(ctx, sub, found.metadata);
  const claims = ctx.tokens.claimsOf({ ...found, metadata, accountId: sub, sessionId: sid });
  return { token_type: 'Bearer', ...claims, jti, iat, exp };
}

/**
 * Names no account: a service that takes any active token for an access token must not sign in the
 * account of a refresh token. The session decides on expiry.
 */
async function describeRefresh(
  ctx: Context,
  { sid, sub, jti }: RefreshClaims,
  now: Date,
): Promise<Claims | undefined> {
  const chain = await ctx.lookUps.find(findChains, { sid, sub, now });
  if (!chain || !isUnused(chain, jti) || mustEnroll(ctx, chain)) return undefined;
  const { tokenIssuer, tokenClientId } = ctx.config;
  const exp = Math.floor(chain.idleExpiresAt.getTime() / 1000);
  return { iss: tokenIssuer, client_id: tokenClientId, exp };
}
