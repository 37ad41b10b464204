import { AuthError, badUserInput, invalidToken } from '../errors/auth-error.ts';
import { NotStarted } from '../errors/overloaded.ts';
import { visibleError } from '../http/problem.ts';
import { logout } from '../sessions/logout.ts';
import type { AuthPayload } from '../sessions/token-pair.ts';
import type { TrustedBrowser } from '../trusted-devices/trust-device.ts';
import type { RequestContext } from './graphql-context.ts';

/** Tokens as the client gets them: in cookie mode without the refresh token. */
export type ReturnedTokens = Omit<AuthPayload, 'refreshToken' | 'refreshExpiresAt'> & {
  readonly refreshToken: string | null;
};

type Given = string | null | undefined;

/**
 * Opens a session. In cookie mode, moves its refresh token into the cookie and ends the session that
 * the cookie had before (ASVS 5.0 7.2.4), whose token nobody would hold any longer.
 */
export async function signInWithCookie(
  ctx: RequestContext,
  open: () => Promise<AuthPayload>,
): Promise<ReturnedTokens> {
  const replaced = ctx.sessionCookie?.token;
  const tokens = intoCookie(ctx, await open());
  if (replaced) {
    // The new session is open, whatever happens to the old one.
    await logout(ctx, undefined, { refreshToken: replaced }).catch((error) => {
      visibleError(error, ctx.log);
    });
  }
  return tokens;
}

/** Completes a sign-in, and stores the cookie of a browser that is trusted from now on. */
export async function trustWithCookie(
  { deviceCookie }: RequestContext,
  complete: () => Promise<{ tokens: AuthPayload; trusted: TrustedBrowser | undefined }>,
): Promise<AuthPayload> {
  const { tokens, trusted } = await complete();
  if (trusted) deviceCookie?.set(trusted.token, trusted.lifetime);
  return tokens;
}

/** Exchanges the refresh token of the cookie, or else the given one. Removes a cookie without use. */
export async function refreshWithCookie(
  ctx: RequestContext,
  given: Given,
  exchange: (refreshToken: string) => Promise<AuthPayload>,
): Promise<ReturnedTokens> {
  const refreshToken = presentedToken(ctx, given);
  if (refreshToken == null)
    throw new NotStarted('No refresh token', { cause: missing(ctx, given) });
  try {
    return intoCookie(ctx, await exchange(refreshToken));
  } catch (error) {
    const isDead = error instanceof AuthError && error.code === 'INVALID_TOKEN';
    if (isDead) ctx.sessionCookie?.clear();
    throw error;
  }
}

/**
 * Returns the refresh token of the cookie, or else the given one. Removes the cookie in any case: the
 * browser is logged out, even if the service rejects the request, or cannot end the session now.
 */
export function takeToken(ctx: RequestContext, given: Given): Given {
  try {
    return presentedToken(ctx, given);
  } finally {
    ctx.sessionCookie?.clear();
  }
}

function presentedToken({ sessionCookie }: RequestContext, given: Given): Given {
  const kept = sessionCookie?.token;
  if (kept !== undefined && given != null) {
    throw badUserInput({ refreshToken: ['Omit it: the session cookie contains a refresh token.'] });
  }
  return kept ?? given;
}

function missing({ sessionCookie }: RequestContext, given: Given): AuthError {
  if (sessionCookie) return invalidToken();
  const message = given === null ? 'This field may not be null.' : 'This field is required.';
  return badUserInput({ refreshToken: [message] });
}

function intoCookie(ctx: RequestContext, tokens: AuthPayload): ReturnedTokens {
  const { sessionCookie, clock } = ctx;
  if (!sessionCookie) return tokens;
  const { refreshToken, refreshExpiresAt } = tokens;
  const lifetime = Math.ceil((refreshExpiresAt.getTime() - clock.now().getTime()) / 1000);
  sessionCookie.set(refreshToken, lifetime);
  return { ...tokens, refreshToken: null };
}
