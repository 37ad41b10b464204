import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '../config.ts';
import type { Log } from '../ports.ts';
import { addressOf, createTrust, prefixOf } from './addresses.ts';

/** Milliseconds of patience (ASVS 5.0 13.1.3, 15.2.2). */
export const patience = {
  /** For a request to arrive, its headers first. Half of a request holds a connection no longer. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
  /** For the next byte in either direction: who does not read the answer is cut off as well. */
  timeout: 60_000,
};

/**
 * Requests of one connection that may wait for their answers at once (pipelining, RFC 9112 §9.3.2).
 * Node would begin with any number of them, as long as none is answered.
 */
const PIPELINE = 4;

/** At most one line about refused connections in so many milliseconds. */
const QUIET = 60_000;

/**
 * A server whose connections are bounded, in number and in time, in all and for each client. A
 * trusted proxy is no client: it brings the connections of many.
 */
export function createBoundedServer(
  app: RequestListener,
  config: Pick<Config, 'connections' | 'clientConnections' | 'keepAlive' | 'trustProxy'>,
  log: Log,
  { timeout, ...times }: typeof patience = patience,
): Server {
  let quietUntil = 0;
  const tell = (limit: string) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + QUIET;
    log.warn({ limit }, 'connections are refused');
  };
  const server = createServer(
    { ...times, keepAliveTimeout: config.keepAlive * 1000 },
    boundPipelines(app, () => tell('PIPELINE')),
  );
  server.setTimeout(timeout);
  server.maxConnections = config.connections;
  server.on('drop', () => tell('LIMIT_CONNECTIONS'));
  boundEachClient(server, config, () => tell('LIMIT_CLIENT_CONNECTIONS'));
  return server;
}

function boundPipelines(app: RequestListener, tell: () => void): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    // What else had arrived with one request too many.
    if (socket.destroyed) return;
    const others = unanswered.get(socket) ?? 0;
    if (others >= PIPELINE) {
      tell();
      socket.destroy();
      return;
    }
    unanswered.set(socket, others + 1);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    app(request, response);
  };
}

function boundEachClient(
  server: Server,
  { trustProxy, clientConnections }: Pick<Config, 'trustProxy' | 'clientConnections'>,
  tell: () => void,
): void {
  const isTrusted = createTrust(trustProxy);
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    if (!socket.remoteAddress) return;
    const address = addressOf(socket.remoteAddress);
    if (isTrusted(address)) return;
    const client = prefixOf(address);
    const others = open.get(client) ?? 0;
    if (others >= clientConnections) {
      tell();
      socket.destroy();
      return;
    }
    open.set(client, others + 1);
    socket.once('close', () => {
      const left = (open.get(client) ?? 0) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    });
  });
}
