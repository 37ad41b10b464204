/** The part of node-postgres' client that is used here. */
export interface Client {
  query(...values: unknown[]): unknown;
  /** With an error, the pool closes the connection instead of reusing it. */
  release(error?: Error): void;
  /** Ends the connection, even in the middle of a query, so that the pool does not reuse it. */
  end(): Promise<void>;
  /** `I` (idle): outside a transaction. */
  getTransactionStatus(): string | null;
  readonly connection: { readonly stream: { destroy(error: Error): unknown } };
}

/** The part of node-postgres' pool that is used here. */
export interface Pool {
  /** Options of new connections. */
  readonly options: Record<string, unknown>;
  connect(): Promise<Client>;
  on(event: 'connect' | 'acquire' | 'remove', listener: (client: Client) => void): unknown;
  on(event: 'release', listener: (error: unknown, client: Client) => void): unknown;
}
