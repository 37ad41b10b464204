/** The part of node-postgres' client that is used here. */
export interface Client {
  query(...values: unknown[]): unknown;
  /** With an error, the pool closes the connection instead of lending it again. */
  release(error?: Error): void;
  /** Ends the connection; in the midst of a query at once, so that the pool does not lend it again. */
  end(): Promise<void>;
  /** `I`: in no transaction. */
  getTransactionStatus(): string | null;
  readonly connection: { readonly stream: { destroy(error: Error): unknown } };
}

/** The part of node-postgres' pool that is used here. */
export interface Pool {
  /** Of new connections. */
  readonly options: Record<string, unknown>;
  connect(): Promise<Client>;
  on(event: 'connect' | 'acquire' | 'remove', listener: (client: Client) => void): unknown;
  on(event: 'release', listener: (error: unknown, client: Client) => void): unknown;
}
