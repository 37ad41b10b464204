import { createOwnOrigins, createTrustedOrigins } from './cookie-origins.ts';
import { graphqlBody, type Problem, problem } from './problem.ts';
import type { Edge, RequestState, Step } from './request-state.ts';
import { asksForCookieMode, SESSION_HEADER } from './session-cookie.ts';

/** Methods that run no operation with a refresh token. Browsers send no `Origin` with some. */
const harmless: readonly (string | undefined)[] = ['GET', 'HEAD', 'OPTIONS'];

/** Texts of rejected requests. */
export const cookieModeFaults = {
  value: 'The header Gatehouse-Session must have the value cookie',
  missing:
    'A request with the header Gatehouse-Session needs the header Origin, which browsers send',
  crossSite:
    'Pages of another site cannot use the session cookie. Omit the header Gatehouse-Session, or serve the page from the site of Gatehouse',
  origin:
    'This origin may not use the session cookie. Serve the page from the host of Gatehouse, or add its exact origin on the site of PUBLIC_URL to CORS_ORIGINS',
} as const;

/**
 * Rejects requests in cookie mode that do not come from a page of this host, or of a trusted origin
 * on its site (RFC 10017; ASVS 5.0 3.5.1). Checks every operation before anything runs, because one
 * that opens a session is as sensitive as one that uses it.
 */
export function cookieMode({ config, baseUrl }: Edge): Step {
  const isOwn = createOwnOrigins(config);
  const isTrusted = createTrustedOrigins(config);
  const findFault = ({ request: { headers } }: RequestState): Problem | undefined => {
    const { origin, host } = headers;
    if (headers[SESSION_HEADER] !== 'cookie') {
      return problem('bad-request', cookieModeFaults.value);
    }
    if (origin === undefined) return problem('forbidden', cookieModeFaults.missing);
    const isCrossSite = headers['sec-fetch-site'] === 'cross-site';
    if (isCrossSite) return problem('forbidden', cookieModeFaults.crossSite);
    const isAllowed = isOwn(origin, host) || isTrusted(origin, host);
    return isAllowed ? undefined : problem('forbidden', cookieModeFaults.origin);
  };
  return (state) => {
    const { headers, method } = state.request;
    if (!asksForCookieMode(state) || harmless.includes(method)) return undefined;
    const fault = findFault(state);
    if (!fault) return undefined;
    if (state.path !== '/graphql') return state.reject(fault, baseUrl(headers.host));
    const body = JSON.stringify(graphqlBody(fault));
    return state.answer(fault, body, { 'content-type': 'application/json' });
  };
}
