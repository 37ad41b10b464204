import type { Viewer } from '../accounts/user.ts';
import { type Actor, actorOf } from '../administration/actor.ts';
import type { ActiveApiKey } from '../api-keys/api-key-statements.ts';
import { apiKeyActor, authenticateApiKey } from '../api-keys/authenticate-api-key.ts';
import type { Context } from '../context.ts';
import { unauthenticated } from '../errors/auth-error.ts';
import type { HostCookie } from '../http/host-cookie.ts';
import type { RateLimitStatus } from '../ports/rate-limits.ts';
import { authenticate } from '../sessions/authenticate.ts';

interface TransportContext extends Context {
  /**
   * Adds a rate limit of the client to the headers. Never pass the limit of an address: it would
   * reveal whether the address has an account.
   */
  showRateLimit(status: RateLimitStatus): void;
  /** Calls `stop` once nobody can read the response any longer. */
  whenClosed(stop: () => void): void;
  /** Set in cookie mode: the refresh token travels in this cookie only. */
  readonly sessionCookie: HostCookie | undefined;
  /** Set in cookie mode: keeps the secret of a trusted device. */
  readonly deviceCookie: HostCookie | undefined;
}

/** Context of resolvers. */
export interface RequestContext extends TransportContext {
  /** Whether the request has an access token or API key, valid or not. */
  readonly presented: boolean;
  /** Loads the signed-in account on first use. */
  viewer(): Promise<Viewer | undefined>;
  reloadViewer(): Promise<Viewer | undefined>;
  /** Loads the API key of the request on first use; undefined for any other token. */
  apiKey(): Promise<ActiveApiKey | undefined>;
}

const nobody = Promise.resolve(undefined);

/** @param bearer unverified content of the `Authorization` header */
export function createRequestContext(
  ctx: TransportContext,
  bearer: string | undefined,
): RequestContext {
  let viewer: Promise<Viewer | undefined> | undefined;
  let key: Promise<ActiveApiKey | undefined> | undefined;
  const load = () => (bearer ? authenticate(ctx, bearer) : nobody);
  const loadKey = () => (bearer ? authenticateApiKey(ctx, bearer) : nobody);
  return Object.assign(ctx, {
    presented: bearer !== undefined,
    viewer: () => (viewer ??= load()),
    reloadViewer: () => (viewer = load()),
    apiKey: () => (key ??= loadKey()),
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

/** Returns the administrator or API key of the request. Its transaction checks that it is current. */
export async function currentActor(ctx: RequestContext): Promise<Actor> {
  const key = await ctx.apiKey();
  return key ? apiKeyActor(key) : actorOf(await currentViewer(ctx));
}
