import { HostCookie, hostCookie } from './host-cookie.ts';
import type { RequestState } from './request-state.ts';

/** Request header that selects cookie mode. Browsers do not send it by themselves. */
export const SESSION_HEADER = 'gatehouse-session';

/** The cookie with the refresh token. */
const session = hostCookie('');
/** The cookie with the secret of a trusted device. */
const device = hostCookie('-device');

/** Whether a request asks for cookie mode, which GraphQL and REST have. */
export const asksForCookieMode = ({ path, request: { headers } }: RequestState): boolean =>
  headers[SESSION_HEADER] !== undefined && (path === '/graphql' || path.startsWith('/api/v1/'));

/** Returns the cookies of a request in cookie mode. Others neither read nor write them. */
export function cookiesOf(state: RequestState) {
  const isAsked = asksForCookieMode(state);
  return {
    sessionCookie: isAsked ? new HostCookie(state, session) : undefined,
    deviceCookie: isAsked ? new HostCookie(state, device) : undefined,
  };
}
