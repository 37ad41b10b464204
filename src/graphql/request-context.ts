import type { Context } from '../context.ts';
import { unauthenticated } from '../errors.ts';
import { authenticate, type Viewer } from '../sessions/authenticate.ts';

/** What resolvers get: the context of the use cases, and who is signed in. */
export interface RequestContext extends Context {
  /** Asked for once per request, and only where a field needs it. */
  viewer(): Promise<Viewer | undefined>;
  /** The same, as of now. */
  reloadViewer(): Promise<Viewer | undefined>;
}

/** @param accessToken what the `Authorization` header carries, unverified */
export function createRequestContext(
  ctx: Context,
  accessToken: string | undefined,
): RequestContext {
  let viewer: Promise<Viewer | undefined> | undefined;
  const load = () => (accessToken ? authenticate(ctx, accessToken) : Promise.resolve(undefined));
  return {
    ...ctx,
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

/**
 * Who is signed in, in a field whose scope has let nobody else pass. Asked anew: a mutation before
 * this one in the same request may have ended the session, or changed the account.
 */
export async function currentViewer(ctx: RequestContext): Promise<Viewer> {
  const viewer = await ctx.reloadViewer();
  if (!viewer) throw unauthenticated();
  return viewer;
}

/** Who is signed in, in a field of a query whose scope has let nobody else pass. */
export async function viewerOf(ctx: RequestContext): Promise<Viewer> {
  const viewer = await ctx.viewer();
  if (!viewer) throw unauthenticated();
  return viewer;
}
