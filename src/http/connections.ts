import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Config } from '../config/load-config.ts';
import type { Services } from '../context.ts';
import { answerClientErrors } from './client-errors.ts';
import { ConnectionPool } from './connection-pool.ts';

/** Timeouts in milliseconds (ASVS 5.0 13.1.3, 15.2.2). */
export const timeouts = {
  /** Time for the headers of a request to arrive. */
  headersTimeout: 10_000,
  /** Time for a whole request to arrive. */
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
  /** Time until the next byte in either direction. Ends clients that do not read the response. */
  timeout: 60_000,
};

/** Maximum unanswered requests per connection (RFC 9112 §9.3.2). Node has no such limit. */
const PIPELINE = 4;

/** Minimum milliseconds between two log lines about closed connections. */
const QUIET = 60_000;

const TOO_MANY_CONNECTIONS =
  'Too many connections: closing the oldest ones without a complete request. Raise the limit if this load is expected.';

export interface BoundedServer extends Server {
  /** Returns the responses that are not finished. */
  unfinished(): readonly ServerResponse[];
}

/**
 * Creates a server with bounded connections: in number and in time, in total and per client.
 * Trusted proxies are exempt from the limit per client.
 */
export function createBoundedServer(
  app: RequestListener,
  config: Config,
  { log, metrics }: Pick<Services, 'log' | 'metrics'>,
  { timeout, ...times }: typeof timeouts = timeouts,
): BoundedServer {
  let quietUntil = 0;
  const tell = (limit: string, message: string) => {
    metrics.add('limits', [limit]);
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + QUIET;
    log.warn({ limit }, message);
  };
  const pool = new ConnectionPool(config, (limit) => tell(limit, TOO_MANY_CONNECTIONS));
  const server = createServer(
    // The app rejects a request without a Host header, like every other malformed one.
    { ...times, keepAliveTimeout: config.keepAlive * 1000, requireHostHeader: false },
    (request, response) => {
      // Drops pipelined requests that arrived before the connection was closed.
      if (request.socket.destroyed) return;
      if (pool.begin(response) <= PIPELINE) return app(request, response);
      tell(
        'PIPELINE',
        'Too many requests on one connection wait for a response: closing the connection.',
      );
      request.socket.destroy();
    },
  );
  server.setTimeout(timeout);
  server.on('connection', (socket) => pool.add(socket));
  answerClientErrors(server, pool, config, { log, metrics });
  return Object.assign(server, { unfinished: () => pool.responses });
}
