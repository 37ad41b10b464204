import type { OwnClient } from './find-primary.ts';
import { RoundTrip } from './round-trip.ts';

/** Methods of node-postgres' client that this folder uses. */
export interface Client {
  query(...values: unknown[]): unknown;
  /** With an error, the pool closes the connection instead of reusing it. */
  release(error?: Error): void;
  /** Ends the connection, even in the middle of a query, so that the pool does not reuse it. */
  end(): Promise<void>;
  /** `I` (idle): outside a transaction. */
  getTransactionStatus(): string | null;
  /** Id of the server process, as the server or a pooler announced it. */
  readonly processID: number;
  readonly host: string;
  readonly port: number;
  /** Returns a function that reads a value of a PostgreSQL type. */
  getTypeParser(oid: number, format: string): (text: string) => unknown;
  readonly connection: { readonly stream: { destroy(error: Error): unknown } };
}

/** Methods of node-postgres' pool that this folder uses. */
export interface Pool {
  /** Options of new connections. `verify` runs once for each, before it is used. */
  readonly options: Record<string, unknown> & {
    verify?: (client: Client, done: (error?: Error) => void) => void;
  };
  connect(): Promise<Client>;
  /** Makes a client that does not belong to the pool. */
  readonly Client: new (
    options: Record<string, unknown>,
  ) => OwnClient;
  /** Open connections, those of them that are free, and calls that wait for one. */
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  on(event: 'connect' | 'acquire' | 'remove', listener: (client: Client) => void): unknown;
  on(event: 'release', listener: (error: unknown, client: Client) => void): unknown;
}

/** A statement that failed. */
export interface FailedQuery {
  readonly client: Client;
  readonly statement: unknown;
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly error: Error & { code?: string };
}

/** Sends a statement. `values` are the arguments of `query`. */
export type Send = (client: Client, query: Client['query'], values: unknown[]) => unknown;

/** Sends statements as node-postgres does. A round trip is a query of its own, which has no promise. */
const promised =
  (query: Client['query']): Client['query'] =>
  (...values) => {
    const result = query(...values);
    return result instanceof RoundTrip ? result.results : result;
  };

/** Passes all statements of the pool through `send`, and their failures to `onFailure`. */
export function interceptQueries(
  pool: Pool,
  send: Send,
  onFailure: readonly ((failed: FailedQuery) => void)[],
): void {
  pool.on('connect', (client) => {
    const query = promised(client.query.bind(client));
    client.query = (...values) => {
      const startedAt = Date.now();
      const result = send(client, query, values);
      if (!(result instanceof Promise)) return result;
      return result.catch((error) => {
        // Otherwise it leads to the driver. node-postgres does so for its own queries.
        if (values[0] instanceof RoundTrip) Error.captureStackTrace(error);
        for (const hook of onFailure) hook({ client, statement: values[0], startedAt, error });
        throw error;
      });
    };
  });
}
