import type { RequestState } from './request-state.ts';

/** Request header that selects cookie mode. Browsers do not send it by themselves. */
export const SESSION_HEADER = 'gatehouse-session';

/**
 * Name of the cookie. Browsers accept the prefix only from this very host over TLS, so that no other
 * host of the site can plant one (RFC 6265bis §4.1.3.2).
 */
const NAME = '__Host-gatehouse';

const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Lax';

/** Values of the cookie in a `Cookie` header. */
const values = new RegExp(`(?:^|;)[ \\t]*${NAME}=([^;]*)`, 'g');

/** The cookie with the refresh token of a request in cookie mode. */
export class SessionCookie {
  readonly #state: RequestState;
  #token: string | undefined;

  constructor(state: RequestState) {
    this.#state = state;
    const found = [...(state.request.headers.cookie ?? '').matchAll(values)];
    // Of two cookies with this name, none is trusted: an empty token is invalid.
    this.#token = found.length > 1 ? '' : found[0]?.[1]?.trim();
  }

  /** The refresh token as the browser holds it after the operations that ran so far. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Stores a refresh token. @param lifetime seconds */
  set(token: string, lifetime: number): void {
    this.#send(token, lifetime);
    this.#token = token;
  }

  /** Removes the cookie from the browser. */
  clear(): void {
    this.#send('', 0);
    this.#token = undefined;
  }

  #send(value: string, maxAge: number): void {
    // A timed-out operation has already been answered.
    if (this.#state.response.headersSent) return;
    this.#state.setHeader('set-cookie', `${NAME}=${value}; Max-Age=${maxAge}; ${ATTRIBUTES}`);
  }
}

/** Whether a request asks for cookie mode, which GraphQL and REST have. */
export const asksForCookieMode = ({ path, request: { headers } }: RequestState): boolean =>
  headers[SESSION_HEADER] !== undefined && (path === '/graphql' || path.startsWith('/api/v1/'));

/** Returns the cookie of a request in cookie mode. Others neither read nor write it. */
export const sessionCookieOf = (state: RequestState): SessionCookie | undefined =>
  asksForCookieMode(state) ? new SessionCookie(state) : undefined;
