import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { mustEnroll } from '../factors/required-factor.ts';
import { findViewers } from './find-viewers.ts';

/**
 * Returns the account and session of an access token. One statement checks session and signing key
 * too, so that every process rejects ended ones immediately.
 */
export async function authenticate(ctx: Context, accessToken: string): Promise<Viewer | undefined> {
  const now = ctx.clock.now();
  const claims = await ctx.tokens.readAccess(accessToken, now);
  if (!claims) return undefined;
  const { kid, sid, sub, exp } = claims;
  const user = await ctx.lookUps.find(findViewers, { kid, sid, sub, now });
  if (!user) return undefined;
  return { user, sessionId: sid, expiresAt: exp, mustEnroll: mustEnroll(ctx, user) };
}
