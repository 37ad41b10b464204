import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { unauthenticated } from '../errors/auth-error.ts';
import type { RateLimitStatus } from '../ports/rate-limits.ts';
import { authenticate } from '../sessions/authenticate.ts';

interface TransportContext extends Context {
  /**
   * Adds a rate limit of the client to the headers. Never pass the limit of an address: it would
   * reveal whether the address has an account.
   */
  showRateLimit(status: RateLimitStatus): void;
}

/** Context of resolvers. */
export interface RequestContext extends TransportContext {
  /** Whether the request has an access token, valid or not. */
  readonly presented: boolean;
  /** Loads the signed-in account on first use. */
  viewer(): Promise<Viewer | undefined>;
  reloadViewer(): Promise<Viewer | undefined>;
}

/** @param accessToken unverified content of the `Authorization` header */
export function createRequestContext(
  ctx: TransportContext,
  accessToken: string | undefined,
): RequestContext {
  let viewer: Promise<Viewer | undefined> | undefined;
  const load = async () => (accessToken ? authenticate(ctx, accessToken) : undefined);
  return Object.assign(ctx, {
    presented: accessToken !== undefined,
    viewer: () => (viewer ??= load()),
    reloadViewer: () => (viewer = load()),
  });
}

/** Returns the signed-in account. Only call it from queries that require authentication. */
export const viewerOf = async (ctx: RequestContext): Promise<Viewer> =>
  requireViewer(ctx, await ctx.viewer());

/** Returns the signed-in account after earlier mutations of the request, which may have changed it. */
export const currentViewer = async (ctx: RequestContext): Promise<Viewer> =>
  requireViewer(ctx, await ctx.reloadViewer());

function requireViewer({ presented }: RequestContext, viewer: Viewer | undefined): Viewer {
  if (!viewer) throw unauthenticated(presented);
  return viewer;
}
