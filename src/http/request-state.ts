import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/load-config.ts';
import type { Client } from '../context.ts';
import type { Log } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { RequestRecord } from '../ports/operation.ts';
import type { RateLimitStatus, ServerRateLimit } from '../ports/rate-limits.ts';
import type { SpanIds, Tracing } from '../ports/tracing.ts';
import type { BaseUrl } from './base-url.ts';
import { problemAnswer } from './oauth-error.ts';
import { type Problem, problemDocument, problemHeaders } from './problem.ts';

/** Key of the state on its request. A WeakMap costs the garbage collector 15 µs per request. */
const STATE = Symbol('request state');
type WithState = IncomingMessage & { [STATE]?: RequestState };

/** OAuth endpoints that clients call. The others are for services. */
const apiPaths = ['/oauth/token', '/oauth/revoke'];

/** Names in lower case, and values. */
type Headers = Readonly<Record<string, string | number | string[]>>;

/** State of one request. The steps of the pipeline fill it in. */
export class RequestState {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Log record of the request, which is written once the response is sent. */
  readonly record: RequestRecord = {};
  id = '';
  client!: Client;
  /** Path without the query and the final slash. */
  path = '';
  isPreflight = false;
  /** Whether a service of the operator calls an endpoint that is for services. */
  isService = false;
  /** Ids of the span of the request; undefined while tracing is off. */
  spanIds: SpanIds | undefined;
  readonly #processLog: Log;
  #log: Log | undefined;
  /** Headers for `send`; undefined once the response itself has them. */
  #headers: Record<string, string | number | string[]> | undefined = {};
  #limits: Map<string, RateLimitStatus> | undefined;
  /** Newest `Set-Cookie` of each cookie. */
  #cookies: Map<string, string> | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, log: Log) {
    this.request = request;
    this.response = response;
    this.#processLog = log;
    (request as WithState)[STATE] = this;
  }

  /** Writes lines that contain the ids. Made on first use, because it costs several microseconds. */
  get log(): Log {
    this.#log ??= this.#processLog.child({ requestId: this.id, ...this.spanIds });
    return this.#log;
  }

  /** Whether this is a probe. Probes use an IP address as `Host` and run every few seconds. */
  get isProbe(): boolean {
    return this.path === '/healthz' || this.path === '/readyz';
  }

  /** Whether clients call this: GraphQL, REST, and the OAuth endpoints that are for them. */
  get isApi(): boolean {
    const { path } = this;
    return path === '/graphql' || path.startsWith('/api/v1/') || apiPaths.includes(path);
  }

  /** Whether this is an OAuth endpoint, which has errors of its own. */
  get isOAuth(): boolean {
    return this.path.startsWith('/oauth/');
  }

  setHeader(name: string, value: string | number | string[]): void {
    if (this.#headers) this.#headers[name] = value;
    else this.response.setHeader(name, value);
  }

  /** Sets a cookie, in place of an earlier one with this name in the same response. */
  setCookie(name: string, cookie: string): void {
    // A timed-out operation has already been answered.
    if (this.response.headersSent) return;
    this.#cookies ??= new Map();
    this.#cookies.set(name, cookie);
    this.setHeader('set-cookie', [...this.#cookies.values()]);
  }

  /** Sets the first headers of the response. One copy costs less than setting each one. */
  startHeaders(headers: Headers): void {
    this.#headers = { ...headers };
  }

  /** Moves the headers to the response, for a handler that writes the response itself. */
  handOver(): void {
    const headers = Object.entries(this.#headers ?? {});
    this.#headers = undefined;
    for (const [name, value] of headers) this.response.setHeader(name, value);
  }

  /** Responds with all headers in one call, which costs half as much as setting each one. */
  send(status: number, headers: Headers = {}, body?: string): void {
    const all = this.#headers ?? {};
    for (const name in headers) all[name] = headers[name] ?? '';
    if (body !== undefined) all['content-length'] = Buffer.byteLength(body);
    this.response.writeHead(status, all).end(body);
  }

  /**
   * Adds a client's own rate limit to the headers `RateLimit-Policy` and `RateLimit`
   * (draft-ietf-httpapi-ratelimit-headers-10). Limits of e-mail addresses are never shown.
   */
  readonly showRateLimit = (status: RateLimitStatus): void => {
    // A timed-out operation has already been answered.
    if (this.response.headersSent) return;
    this.#limits ??= new Map();
    this.#limits.set(status.name, status);
    const all = [...this.#limits.values()];
    this.setHeader('ratelimit-policy', all.map(policyOf).join(', '));
    this.setHeader('ratelimit', all.map(usageOf).join(', '));
  };

  /** Calls `stop` once the response has ended or the client has disconnected, which may be now. */
  whenClosed(stop: () => void): void {
    if (this.response.closed) stop();
    else this.response.once('close', stop);
  }

  /** Responds with a problem document, or with an error of OAuth if this is one of its endpoints. */
  reject(problem: Problem, baseUrl: string): true {
    if (this.isOAuth) {
      const { headers, body } = problemAnswer(problem);
      return this.answer(problem, body, headers);
    }
    return this.answer(problem, problemDocument(problem, baseUrl));
  }

  /** Responds with this body and the headers of a problem. */
  answer(problem: Problem, body: string, headers: Headers = {}): true {
    this.record.code = problem.code;
    this.send(problem.status, { ...problemHeaders(problem), ...headers }, body);
    return true;
  }
}

const policyOf = ({ name, limit }: RateLimitStatus) =>
  `"${name}";q=${limit.max};w=${limit.seconds}`;

/** After a limit was lowered, usage may exceed it. */
const usageOf = ({ name, left, wait }: RateLimitStatus) =>
  `"${name}";r=${Math.max(0, left)};t=${wait}`;

/** Returns the state of a request that has entered the pipeline. */
export function stateOf(request: IncomingMessage): RequestState {
  const state = (request as WithState)[STATE];
  if (!state) throw new Error('The request has no state: the pipeline must run first');
  return state;
}

/** Configuration of the pipeline, and the handlers at its end. */
export interface Edge {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  /** GraphQL operations of one field, and routes, as `RequestRecord` names them. */
  readonly operations: ReadonlySet<string>;
  readonly baseUrl: BaseUrl;
  /** Rate limit of all requests of a client. */
  readonly requests: ServerRateLimit;
  readonly graphql: Handler;
  readonly routes: Handler;
}

/** Responds to a request, now or later. */
export type Handler = (state: RequestState) => Promise<void> | undefined;

/** One step of the pipeline. Returns `true` if it responded, so that no further step runs. */
export type Step = ((state: RequestState) => true | undefined) | ((state: RequestState) => void);
