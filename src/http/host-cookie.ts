import type { RequestState } from './request-state.ts';

const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Lax';

/**
 * Describes a cookie. Browsers accept the prefix of its name only from this very host over TLS, so that
 * no other host of the site can plant one (RFC 6265bis §4.1.3.2).
 */
export const hostCookie = (suffix: '' | '-device') => {
  const name = `__Host-gatehouse${suffix}`;
  return { name, values: new RegExp(`(?:^|;)[ \\t]*${name}=([^;]*)`, 'g') };
};

/** A cookie with a secret of a request in cookie mode. */
export class HostCookie {
  readonly #state: RequestState;
  readonly #name: string;
  #token: string | undefined;

  constructor(state: RequestState, { name, values }: ReturnType<typeof hostCookie>) {
    this.#state = state;
    this.#name = name;
    const found = [...(state.request.headers.cookie ?? '').matchAll(values)];
    // Of two cookies with this name, none is trusted: an empty token is invalid.
    this.#token = found.length > 1 ? '' : found[0]?.[1]?.trim();
  }

  /** The secret as the browser holds it after the operations that ran so far. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Stores a secret. @param lifetime seconds */
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
    const cookie = `${this.#name}=${value}; Max-Age=${maxAge}; ${ATTRIBUTES}`;
    this.#state.setCookie(this.#name, cookie);
  }
}
