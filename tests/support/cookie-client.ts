import type { IncomingHttpHeaders } from 'node:http';
import { type Operation, pairs, restName } from '../equivalence/mapping.ts';
import type { TestApp } from './app.ts';
import type { Person } from './flow.ts';
import { rest } from './rest.ts';

export const transports = ['GraphQL', 'REST'] as const;
type Transport = (typeof transports)[number];

/** Public URL of the apps in tests of cookie mode. */
export const OWN = 'https://auth.example.com';

type CookieOperation = Extract<Operation, 'verifyOtp' | 'refreshTokens' | 'logout'>;

/** The answer of an operation, in the same terms for both transports. */
export interface CookieAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body, as it was received. */
  readonly text: string;
  readonly code: unknown;
  readonly access: string;
  /** Undefined if the answer has no tokens. */
  readonly refresh: string | null | undefined;
  /** The only `Set-Cookie` of the answer. */
  readonly setCookie: string | undefined;
}

interface Sent {
  readonly token?: string;
  /** Headers besides those of a page in cookie mode; `undefined` removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A browser with a page in cookie mode, at the client of a person. */
export class CookieClient {
  /** Value of the cookie; undefined if there is none. */
  cookie: string | undefined;
  readonly #app: TestApp;
  readonly #transport: Transport;
  readonly person: Person;

  constructor(app: TestApp, transport: Transport, person: Person) {
    this.#app = app;
    this.#transport = transport;
    this.person = person;
  }

  /** Sends an operation with the cookie, and keeps the cookie of the answer. */
  async ask(
    operation: CookieOperation,
    input: Readonly<Record<string, unknown>> = {},
    { token, headers = {} }: Sent = {},
  ): Promise<CookieAnswer> {
    const all = {
      host: new URL(OWN).host,
      origin: OWN,
      'gatehouse-session': 'cookie',
      'sec-fetch-site': 'same-origin',
      cookie: this.cookie === undefined ? undefined : `theme=dark; __Host-gatehouse=${this.cookie}`,
      ...headers,
    };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    const options = {
      from: this.person.from,
      headers: Object.fromEntries(given) as Record<string, string>,
      ...(token !== undefined && { token }),
    };
    const answer =
      this.#transport === 'GraphQL'
        ? await this.#overGraphql(operation, input, options)
        : await this.#overRest(operation, input, options);
    const [setCookie, ...others] = answer.headers['set-cookie'] ?? [];
    if (others.length > 0) throw new Error('the answer sets two cookies');
    const [, value = ''] = /^__Host-gatehouse=([^;]*)/.exec(setCookie ?? '') ?? [];
    if (setCookie !== undefined) this.cookie = value === '' ? undefined : value;
    return { ...answer, setCookie };
  }

  async #overGraphql(operation: CookieOperation, input: object, options: object) {
    const query = pairs[operation].document.toString();
    const answer = await this.#app.graphql(query, { input }, options);
    const { accessToken, refreshToken } = (answer.data?.[operation] ?? {}) as SignedIn;
    return { ...answer, access: accessToken ?? '', refresh: refreshToken };
  }

  async #overRest(operation: CookieOperation, input: object, options: object) {
    const { method, paths } = pairs[operation];
    const entries = Object.entries(input).map(([name, value]) => [restName(name), value]);
    const body = Object.fromEntries(entries);
    const answer = await rest(this.#app, method, paths[0], body, options);
    const { code, access = '', refresh } = answer.body as Record<string, string | undefined>;
    return { ...answer, code, access, refresh };
  }

  /** Signs in with a code. */
  async signIn(sent?: Sent): Promise<CookieAnswer> {
    const { email } = this.person;
    await this.#app.mailsDelivered();
    const before = this.person.codes().length;
    const { data } = await this.person.requestOtp();
    const otp = await this.person.code(before + 1);
    return this.ask('verifyOtp', { email, otp, challengeId: data?.requestOtp.challengeId }, sent);
  }
}

interface SignedIn {
  readonly accessToken?: string;
  readonly refreshToken?: string | null;
}
