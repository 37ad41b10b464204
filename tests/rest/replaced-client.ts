/** Answer of `otp/request` and `forgot-password`. */
interface CodeSent {
  readonly detail: string;
  /** Seconds. */
  readonly expires_in: number;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export interface AuditRow {
  readonly id: number | string;
  readonly event: string;
  readonly email: string;
  readonly ip_address: string;
  readonly user_agent: string;
  readonly metadata: Record<string, unknown>;
  readonly created_at: string;
}

export interface AuditPage {
  readonly count: number;
  /** Absolute. */
  readonly next: string | null;
  /** Absolute. */
  readonly previous: string | null;
  readonly results: AuditRow[];
}

/** Any answer with another status than the one that the manual promises. */
export class RefusedError extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;

  constructor(status: number, headers: Headers, body: Record<string, unknown>) {
    super(typeof body.detail === 'string' ? body.detail : `HTTP ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Messages for the form, by the name of the field. */
  get fields(): Record<string, string[]> {
    const lists = Object.entries(this.body).filter(([, messages]) => Array.isArray(messages));
    return Object.fromEntries(lists) as Record<string, string[]>;
  }

  /** Seconds until it is worth another try, of a 423 or 429. */
  get wait(): number | undefined {
    const { retry_after, unlock_in } = this.body as { retry_after?: number; unlock_in?: number };
    return { 423: unlock_in, 429: retry_after }[this.status];
  }
}

/** A caller of the service that Gatehouse replaces. It knows that service's manual and no more. */
export class ReplacedClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  #access: string | undefined;

  /** Headers go with every request. */
  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = { accept: 'application/json', ...headers };
  }

  register(email: string, password: string): Promise<{ detail: string }> {
    return this.#post('auth/register', { email, password }, 201);
  }

  async login(email: string, password: string): Promise<Tokens> {
    return this.#keep(await this.#post<Tokens>('auth/login', { email, password }, 200));
  }

  forgotPassword(email: string): Promise<CodeSent> {
    return this.#post('auth/forgot-password', { email }, 202);
  }

  resetPassword(email: string, otp: string, password: string): Promise<{ detail: string }> {
    return this.#post('auth/password-reset', { email, otp, password }, 200);
  }

  requestOtp(email: string): Promise<CodeSent> {
    return this.#post('auth/otp/request', { email }, 202);
  }

  async verifyOtp(email: string, otp: string): Promise<Tokens & { detail: string }> {
    const body = { email, otp };
    return this.#keep(await this.#post<Tokens & { detail: string }>('auth/otp/verify', body, 200));
  }

  auditLogs(query: Record<string, string | number> = {}): Promise<AuditPage> {
    const search = Object.entries(query).map(([name, value]) => [name, String(value)]);
    return this.page(`${this.#url}/api/v1/audit/logs?${new URLSearchParams(search)}`);
  }

  /** The page that `next` or `previous` names. */
  page(url: string): Promise<AuditPage> {
    return this.#call(url, {}, 200);
  }

  /** Sends this token from now on; none when undefined. */
  useToken(access: string | undefined): void {
    this.#access = access;
  }

  #keep<T extends Tokens>(tokens: T): T {
    this.#access = tokens.access;
    return tokens;
  }

  #post<T>(path: string, body: object, success: number): Promise<T> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return this.#call(`${this.#url}/api/v1/${path}`, init, success);
  }

  async #call<T>(url: string, init: RequestInit, success: number): Promise<T> {
    const response = await fetch(url, {
      ...init,
      headers: {
        ...this.#headers,
        ...(init.body && { 'content-type': 'application/json' }),
        ...(this.#access && { authorization: `Bearer ${this.#access}` }),
      },
    });
    // Its 404 and 500 may be HTML.
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const body = isJson ? await response.json() : {};
    if (response.status !== success || !isJson) {
      throw new RefusedError(response.status, response.headers, body);
    }
    return body as T;
  }
}
