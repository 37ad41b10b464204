import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/load-config.ts';
import type { Log } from '../ports/logger.ts';

/** Response headers that pages may read, besides those that are always readable. */
const exposed = 'retry-after, ratelimit, ratelimit-policy, x-request-id';

/**
 * Request headers that pages may send. `*` covers those of client libraries, not `authorization`.
 */
const allowed =
  'authorization, content-type, apollo-require-preflight, x-apollo-operation-name, ' +
  'apollographql-client-name, apollographql-client-version, *';

/** Seconds for which a browser need not ask again. */
const MAX_AGE = 600;

/**
 * Refused origins that are remembered, so that each is logged once an hour, and at most 100 are.
 */
const REMEMBERED = { max: 100, ttl: 3_600_000 };

/** Origins of pages on the developer's own machine. */
const loopback = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Lets pages of the allowed origins call the API and read its responses, including refusals (Fetch
 * standard, CORS protocol). Browsers add no credentials by themselves: tokens come in a header.
 *
 * @returns a function that sets the headers of a response. It returns whether the request is a
 *   preflight, which needs no further response.
 */
export function createCors(
  config: Pick<Config, 'corsOrigins' | 'environment' | 'publicUrl'>,
  log: Log,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const isAllowed = createOriginCheck(config.corsOrigins, config.environment === 'development');
  const warn = createWarning(config.publicUrl, log);

  return (request, response) => {
    const { origin, host } = request.headers;
    response.setHeader('vary', 'origin');
    if (origin !== undefined && isAllowed(origin)) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', exposed);
    } else if (origin !== undefined) {
      warn(origin, host);
    }
    return answerPreflight(request, response, 'GET, POST, PUT, DELETE');
  };
}

/** Documents that pages of any origin may read (contract §11). */
const publicDocuments = new Set([
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/api/schema',
  '/openapi.json',
  '/openapi.yaml',
  '/schema.graphql',
]);

/** Opens public documents to pages of any origin. Returns whether the request is a preflight. */
export function openDocuments(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): boolean {
  if (!publicDocuments.has(path)) return false;
  response.setHeader('access-control-allow-origin', '*');
  return answerPreflight(request, response, 'GET');
}

/** Sets the headers of a preflight, if it is one. Any other OPTIONS asks what a route allows. */
function answerPreflight(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  methods: string,
): boolean {
  if (method !== 'OPTIONS' || !headers['access-control-request-method']) return false;
  response.setHeader('access-control-allow-methods', methods);
  response.setHeader('access-control-allow-headers', allowed);
  response.setHeader('access-control-max-age', MAX_AGE);
  return true;
}

/** An origin as browsers write it. No other text of a client gets into the log. */
const wellFormed = /^(null|[a-z][a-z0-9+.-]*:\/\/[a-z0-9.:[\]-]{1,260})$/;

/** Creates a warning for refused origins, once each. Pages of this host need no permission. */
function createWarning(publicUrl: string, log: Log): (origin: string, host?: string) => void {
  const refused = new LRUCache<string, true>(REMEMBERED);
  const { origin: own } = new URL(publicUrl);
  return (origin, host) => {
    const isOwn = [own, `http://${host}`, `https://${host}`].includes(origin);
    if (isOwn || !wellFormed.test(origin) || refused.has(origin)) return;
    if (refused.size === REMEMBERED.max && !refused.purgeStale()) return;
    refused.set(origin, true);
    const cure =
      'CORS_ORIGINS: a page of another origin was refused. Add the origin if it is yours';
    log.warn({ origin }, cure);
  };
}

/** @param origins exact, or with `*.` for one label in front of a domain */
function createOriginCheck(origins: readonly string[], isDevelopment: boolean) {
  const exact = new Set(origins);
  const domains = origins.flatMap((origin) => {
    const [scheme = '', domain] = origin.split('://*.');
    return domain === undefined ? [] : [{ start: `${scheme}://`, end: `.${domain}` }];
  });
  return (origin: string): boolean =>
    exact.has(origin) ||
    (isDevelopment && loopback.test(origin)) ||
    domains.some(
      ({ start, end }) =>
        origin.startsWith(start) &&
        origin.endsWith(end) &&
        /^[a-z0-9_-]+$/.test(origin.slice(start.length, -end.length)),
    );
}
