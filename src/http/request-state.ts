import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/load-config.ts';
import type { Client } from '../context.ts';
import type { Log } from '../ports/logger.ts';
import type { RequestRecord } from '../ports/operation.ts';
import type { RateLimitStatus } from '../ports/rate-limits.ts';
import { createClientReader } from './client-ip.ts';
import { createRateLimitHeaders } from './rate-limit-headers.ts';
import { createRequestIds } from './request-id.ts';
import { logRequest } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';

/** What is known of a request before it is read. */
export interface Arrival {
  readonly client: Client;
  /** Its lines name the request. */
  readonly log: Log;
  /** Shows in the answer how the client stands with one of its rateLimits. */
  readonly showRateLimit: (status: RateLimitStatus) => void;
  /** Log record of the request, which is written once the response is sent. */
  readonly record: RequestRecord;
}

/** On the request itself: a WeakMap that leads to the response costs the collector 15 µs of each. */
const ARRIVAL = Symbol('arrival');
type Arrived = IncomingMessage & { [ARRIVAL]?: Arrival };

/** Where requests arrive. */
export class Reception {
  readonly #clientOf: ReturnType<typeof createClientReader>;
  readonly #idOf: ReturnType<typeof createRequestIds>;
  readonly #headers: Headers;
  readonly #log: Log;

  constructor(config: Config, log: Log) {
    this.#clientOf = createClientReader(config.trustProxy);
    this.#idOf = createRequestIds(config.trustProxy);
    this.#headers = securityHeaders(config);
    this.#log = log;
  }

  /**
   * Looks at a request at once, because a connection that is reset has no address any more, and
   * gives its answer the headers that all have.
   *
   * @returns undefined where the connection has gone already
   */
  receive(request: IncomingMessage, response: ServerResponse): Arrival | undefined {
    const requestId = this.#idOf(request);
    const log = this.#log.child({ requestId });
    const client = this.#clientOf(request, log);
    if (!client) return undefined;
    response.setHeaders(this.#headers);
    response.setHeader('x-request-id', requestId);
    const record: RequestRecord = {};
    logRequest(this.#log, requestId, client, record, response);
    const arrival = { client, log, showRateLimit: createRateLimitHeaders(response), record };
    (request as Arrived)[ARRIVAL] = arrival;
    return arrival;
  }

  arrivalOf(request: IncomingMessage): Arrival {
    const arrival = (request as Arrived)[ARRIVAL];
    if (!arrival) throw new Error('a request that has not arrived');
    return arrival;
  }
}
