import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { unauthenticated } from '../errors/auth-error.ts';
import type { RateLimitStatus } from '../ports/rate-limits.ts';
import { authenticate } from '../sessions/authenticate.ts';

/** The context of the use cases, and how to tell the client what is left of its own rateLimits. */
export interface TransportContext extends Context {
  /** For the headers of the answer. Nothing about an address: that would be told to unknown clients. */
  showRateLimit(status: RateLimitStatus): void;
}

/** What resolvers get: the context of the door, and who is signed in. */
export interface RequestContext extends TransportContext {
  /** Whether an access token came with the request, good or bad. */
  readonly presented: boolean;
  /** Asked for once per request, and only where a field needs it. */
  viewer(): Promise<Viewer | undefined>;
  /** The same, as of now. */
  reloadViewer(): Promise<Viewer | undefined>;
}

/** @param accessToken what the `Authorization` header carries, unverified */
export function createRequestContext(
  ctx: TransportContext,
  accessToken: string | undefined,
): RequestContext {
  let viewer: Promise<Viewer | undefined> | undefined;
  const load = () => (accessToken ? authenticate(ctx, accessToken) : Promise.resolve(undefined));
  return {
    ...ctx,
    presented: accessToken !== undefined,
    viewer() {
      viewer ??= load();
      return viewer;
    },
    reloadViewer() {
      viewer = load();
      return viewer;
    },
  };
}

/** Who is signed in, in a field of a query whose scope has let nobody else pass. */
export const viewerOf = async (ctx: RequestContext): Promise<Viewer> =>
  demanded(ctx, await ctx.viewer());

/**
 * The same in a mutation. Asked anew: one before it in the same request may have ended the session,
 * or changed the account.
 */
export const currentViewer = async (ctx: RequestContext): Promise<Viewer> =>
  demanded(ctx, await ctx.reloadViewer());

function demanded({ presented }: RequestContext, viewer: Viewer | undefined): Viewer {
  if (!viewer) throw unauthenticated(presented);
  return viewer;
}
