import type { IncomingMessage, ServerResponse } from 'node:http';

/** What pages may read of an answer, beside its body and type. */
const exposed = 'retry-after, ratelimit, ratelimit-policy, x-request-id';

/** Seconds for which a browser need not ask again. */
const MAX_AGE = 600;

/**
 * Lets pages of these origins call the API (Fetch standard, CORS protocol), and read its refusals
 * too. Credentials of the browser's own are not among it: tokens come in a header.
 *
 * @returns sets the headers of an answer; says whether that is the whole answer
 */
export function createCors(
  origins: readonly string[],
): (request: IncomingMessage, response: ServerResponse) => boolean {
  if (origins.length === 0) return () => false;
  return ({ method, headers }, response) => {
    const { origin } = headers;
    response.setHeader('vary', 'origin');
    if (origin !== undefined && origins.includes(origin)) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', exposed);
    }
    // Any other OPTIONS asks what a route allows.
    if (method !== 'OPTIONS' || !headers['access-control-request-method']) return false;
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE');
    response.setHeader('access-control-allow-headers', 'authorization, content-type, *');
    response.setHeader('access-control-max-age', MAX_AGE);
    return true;
  };
}
