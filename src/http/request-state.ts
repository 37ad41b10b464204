import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/load-config.ts';
import type { Client } from '../context.ts';
import type { Log } from '../ports/logger.ts';
import type { RequestRecord } from '../ports/operation.ts';
import type { ClientRateLimit, RateLimitStatus } from '../ports/rate-limits.ts';
import type { BaseUrl } from './base-url.ts';
import { type Problem, problemDocument, problemHeaders } from './problem.ts';

/** Key of the state on its request. A WeakMap costs the garbage collector 15 µs per request. */
const STATE = Symbol('request state');
type WithState = IncomingMessage & { [STATE]?: RequestState };

/** State of one request. The steps of the pipeline fill it in. */
export class RequestState {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Log record of the request, which is written once the response is sent. */
  readonly record: RequestRecord = {};
  id = '';
  /** Writes lines that contain the id. */
  log: Log;
  client!: Client;
  /** Path without the query and the final slash. */
  path = '';
  isPreflight = false;
  readonly #limits = new Map<string, RateLimitStatus>();

  constructor(request: IncomingMessage, response: ServerResponse, log: Log) {
    this.request = request;
    this.response = response;
    this.log = log;
    (request as WithState)[STATE] = this;
  }

  /** Whether this is a probe. Probes use an IP address as `Host` and run every few seconds. */
  get isProbe(): boolean {
    return this.path === '/healthz' || this.path === '/readyz';
  }

  /** Whether this is GraphQL or REST, rather than a page, a document or a key set. */
  get isApi(): boolean {
    return this.path === '/graphql' || this.path.startsWith('/api/v1/');
  }

  /**
   * Adds a client's own rate limit to the headers `RateLimit-Policy` and `RateLimit`
   * (draft-ietf-httpapi-ratelimit-headers-10). Limits of e-mail addresses are never shown.
   */
  readonly showRateLimit = (status: RateLimitStatus): void => {
    // A timed-out operation has already been answered.
    if (this.response.headersSent) return;
    this.#limits.set(status.name, status);
    const list = (format: (status: RateLimitStatus) => string) =>
      Array.from(this.#limits.values(), format).join(', ');
    const policy = list(({ name, limit }) => `"${name}";q=${limit.max};w=${limit.seconds}`);
    // After a limit was lowered, usage may exceed it.
    const state = list(({ name, left, wait }) => `"${name}";r=${Math.max(0, left)};t=${wait}`);
    this.response.setHeader('ratelimit-policy', policy).setHeader('ratelimit', state);
  };

  /** Responds with a problem document. */
  reject(problem: Problem, baseUrl: string): true {
    return this.answer(problem, problemDocument(problem, baseUrl));
  }

  /** Responds with this body and the headers of a problem. */
  answer(problem: Problem, body: string, headers: Readonly<Record<string, string>> = {}): true {
    this.record.code = problem.code;
    const length = { 'content-length': Buffer.byteLength(body) };
    const all = { ...problemHeaders(problem), ...headers, ...length };
    this.response.writeHead(problem.status, all).end(body);
    return true;
  }
}

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
  readonly baseUrl: BaseUrl;
  /** Rate limit of all requests of a client. */
  readonly requests: ClientRateLimit;
  readonly graphql: Handler;
  readonly routes: Handler;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** `true` if a response was sent, so that no further step runs. */
type Answered = true | undefined;

/** One step of the pipeline. */
export type Step =
  | ((state: RequestState) => Answered | Promise<Answered>)
  | ((state: RequestState) => void);
