import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '../config/load-config.ts';
import { addressOf, createTrust, networksOf } from './ip-prefix.ts';

interface Connection {
  readonly socket: Socket;
  /** Networks of the client, widest first; empty for a trusted proxy. */
  readonly networks: readonly string[];
  /** Unfinished responses, whose `req` is their request. */
  readonly responses: Responses;
  /** Time in milliseconds when the connection was opened, or finished its last response. */
  since: number;
}

/**
 * Not a `Set`: after a member is removed, V8 would keep it in memory until a major collection.
 */
type Responses = ServerResponse<IncomingMessage>[];

type Bounds = Pick<Config, 'connections' | 'clientConnections' | 'trustProxy'>;

/** Share of a full pool that is freed at once, so that a flood costs one search per batch. */
const FREED = 0.01;

/**
 * Open connections. If a client's share or the pool is used up, closes the connection that has been
 * without a complete request for longest: of this client, or of the network with most connections.
 * Never closes a connection whose request is being processed.
 */
export class ConnectionPool {
  readonly #bounds: Bounds;
  readonly #isTrusted: ReturnType<typeof createTrust>;
  /** Reports the name of the setting whose limit was reached. */
  readonly #tell: (limit: string) => void;
  readonly #open = new Map<Socket, Connection>();
  readonly #clients = new Map<string | undefined, Set<Connection>>();

  constructor(bounds: Bounds, tell: (limit: string) => void) {
    this.#bounds = bounds;
    this.#isTrusted = createTrust(bounds.trustProxy);
    this.#tell = tell;
  }

  /** Adds a new connection, or closes it if no other one can be closed. */
  add(socket: Socket): void {
    const { remoteAddress } = socket;
    if (!remoteAddress) return;
    const address = addressOf(remoteAddress);
    const networks = this.#isTrusted(address) ? [] : networksOf(address);
    const client = networks.at(-1);
    if (!this.#hasShare(client) || !this.#hasPlace()) {
      socket.destroy();
      return;
    }
    const connection: Connection = { socket, networks, responses: [], since: now() };
    this.#open.set(socket, connection);
    this.#clients.set(client, (this.#clients.get(client) ?? new Set()).add(connection));
    socket.once('close', () => this.#forget(connection));
  }

  /** Registers a request. Returns the number of unfinished responses on its connection. */
  begin(response: ServerResponse<IncomingMessage>): number {
    const connection = this.#open.get(response.req.socket);
    if (!connection) return 1;
    const { responses } = connection;
    responses.push(response);
    response.on('close', () => {
      responses.splice(responses.indexOf(response), 1);
      connection.since = now();
    });
    return responses.length;
  }

  /** Whether the client would match an error response to its unreadable request. */
  canRespond(socket: Socket): boolean {
    const [first, ...others] = this.#open.get(socket)?.responses ?? [];
    if (!first) return true;
    return others.length === 0 && !first.req.complete && !first.headersSent;
  }

  /** Returns the unfinished responses of all connections. */
  get responses(): Responses {
    return [...this.#open.values()].flatMap(({ responses }) => responses);
  }

  #hasShare(client: string | undefined): boolean {
    const own = this.#clients.get(client);
    if (!client || !own || own.size < this.#bounds.clientConnections) return true;
    this.#tell('LIMIT_CLIENT_CONNECTIONS');
    return this.#close([...own].filter(isWaiting), 1);
  }

  #hasPlace(): boolean {
    const { connections } = this.#bounds;
    if (this.#open.size < connections) return true;
    this.#tell('LIMIT_CONNECTIONS');
    const all = [...this.#open.values()];
    let waiting = all.filter((each) => each.networks.length > 0 && isWaiting(each));
    for (const tier of [0, 1, 2]) {
      const groups = Map.groupBy(waiting, ({ networks }) => networks[tier] ?? networks.at(-1));
      [waiting = []] = [...groups.values()].sort((one, other) => other.length - one.length);
    }
    return this.#close(waiting, Math.max(1, Math.floor(connections * FREED)));
  }

  /** Closes the connections that have waited longest. Returns whether there were any. */
  #close(waiting: Connection[], count: number): boolean {
    const oldest = waiting.sort((one, other) => one.since - other.since).slice(0, count);
    for (const connection of oldest) {
      connection.socket.destroy();
      this.#forget(connection);
    }
    return oldest.length > 0;
  }

  #forget(connection: Connection): void {
    this.#open.delete(connection.socket);
    const client = connection.networks.at(-1);
    const others = this.#clients.get(client);
    others?.delete(connection);
    if (others?.size === 0) this.#clients.delete(client);
  }
}

const now = () => performance.now();

/** Whether no request is being processed: each is incomplete, or its response has not been read. */
const isWaiting = ({ responses }: Connection): boolean =>
  responses.every(({ req, writableEnded }) => !req.complete || writableEnded);
