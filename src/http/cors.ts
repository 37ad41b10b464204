import { LRUCache } from 'lru-cache';
import type { Config } from '../config/load-config.ts';
import type { Log } from '../ports/logger.ts';
import { createTrustedOrigins } from './cookie-origins.ts';
import type { Edge, RequestState, Step } from './request-state.ts';
import { SESSION_HEADER } from './session-cookie.ts';

/** Response headers that pages may read, besides those that are always readable. */
const exposed = 'retry-after, ratelimit, ratelimit-policy, x-request-id';

/**
 * Request headers that pages may send. `*` covers client libraries, but not `authorization`, and
 * nothing in requests with cookies.
 */
const allowed =
  'authorization, content-type, apollo-require-preflight, x-apollo-operation-name, ' +
  `apollographql-client-name, apollographql-client-version, ${SESSION_HEADER}, *`;

/** Seconds for which a browser may cache the response to a preflight. */
const MAX_AGE = 600;

/** Rejected origins that were logged: each is logged once an hour, at most 100 in total. */
const REMEMBERED = { max: 100, ttl: 3_600_000 };

/** Origins of pages on the developer's own machine, as a pattern. */
const loopback = String.raw`https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?`;

/** Documents that pages of any origin may read. */
const publicDocuments = new Set([
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/api/schema',
  '/openapi.json',
  '/openapi.yaml',
  '/schema.graphql',
]);

/**
 * Lets pages of the allowed origins call the API and read its responses (Fetch standard, CORS
 * protocol), and pages of any origin read the public documents. Only origins that may use the session
 * cookie may send cookies.
 */
export function cors({ config, log }: Edge): Step {
  const allowedOrigins = originPattern(config);
  const maySendCookies = createTrustedOrigins(config);
  const warn = createWarning(config, log);
  const allow = (state: RequestState, origin: string) => {
    const { host } = state.request.headers;
    if (!allowedOrigins.test(origin)) return warn(origin, host, blockedRequests);
    state.setHeader('access-control-allow-origin', origin);
    state.setHeader('access-control-expose-headers', exposed);
    if (maySendCookies(origin, host)) state.setHeader('access-control-allow-credentials', 'true');
    else if (asksForCookies(state)) warn(origin, host, blockedCookies);
  };
  return (state) => {
    const { origin } = state.request.headers;
    if (state.isApi) {
      state.setHeader('vary', 'origin');
      if (origin !== undefined) allow(state, origin);
      setPreflightHeaders(state, 'GET, POST, PUT, DELETE');
    } else if (publicDocuments.has(state.path)) {
      state.setHeader('access-control-allow-origin', '*');
      setPreflightHeaders(state, 'GET');
    }
  };
}

/** Responds to a preflight. It counts as a request, so the rate limit comes first. */
export const preflight = (): Step => (state) => {
  if (!state.isPreflight) return undefined;
  state.record.operation = 'preflight';
  state.send(204);
  return true;
};

/** Recognizes a preflight. Any other OPTIONS request asks which methods a route has. */
function setPreflightHeaders(state: RequestState, methods: string): void {
  const { method, headers } = state.request;
  if (method !== 'OPTIONS' || !headers['access-control-request-method']) return;
  state.isPreflight = true;
  state.setHeader('access-control-allow-methods', methods);
  state.setHeader('access-control-allow-headers', allowed);
  state.setHeader('access-control-max-age', MAX_AGE);
}

/** Whether a page asks whether it may send a request in cookie mode. */
const asksForCookies = ({ request: { headers } }: RequestState): boolean =>
  headers['access-control-request-headers']?.includes(SESSION_HEADER) ?? false;

const blockedRequests =
  'CORS_ORIGINS does not include this origin, so the browser blocks its requests. Add the origin if the site is yours.';
const blockedCookies =
  'This origin may not use the session cookie, so the browser blocks its requests in cookie mode. Add it to CORS_ORIGINS without a wildcard; it must be on the site of PUBLIC_URL.';

/** An origin as browsers write it. No other text of a client gets into the log. */
const wellFormed = /^(null|[a-z][a-z0-9+.-]*:\/\/[a-z0-9.:[\]-]{1,260})$/;

/**
 * Creates a function that warns once per rejected origin. Pages of this host need no permission.
 */
function createWarning({ publicUrl }: Config, log: Log) {
  const rejected = new LRUCache<string, true>(REMEMBERED);
  const { origin: own } = new URL(publicUrl);
  return (origin: string, host: string | undefined, message: string): void => {
    const isOwn = [own, `http://${host}`, `https://${host}`].includes(origin);
    if (isOwn || !wellFormed.test(origin) || rejected.has(origin)) return;
    if (rejected.size === REMEMBERED.max && !rejected.purgeStale()) return;
    rejected.set(origin, true);
    log.warn({ origin }, message);
  };
}

/** Creates the pattern of allowed origins. The `*` of an origin stands for one label. */
function originPattern({ corsOrigins, environment }: Config): RegExp {
  const patterns = corsOrigins.map((origin) =>
    origin.split('*').map(RegExp.escape).join('[a-z0-9_-]+'),
  );
  if (environment === 'development') patterns.push(loopback);
  return patterns.length > 0 ? new RegExp(`^(?:${patterns.join('|')})$`) : /(?!)/;
}
