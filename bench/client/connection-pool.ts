import { HttpConnection, type HttpResponse } from './http-connection.ts';

/** Keep-alive connections to a server. Opens more if all are in use. */
export class ConnectionPool {
  readonly #port: number;
  readonly #all: HttpConnection[] = [];
  readonly #free: HttpConnection[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  static async open(port: number, connections: number): Promise<ConnectionPool> {
    const pool = new ConnectionPool(port);
    const opened = await Promise.all(Array.from({ length: connections }, () => pool.#open()));
    pool.#free.push(...opened);
    return pool;
  }

  async send(request: string): Promise<HttpResponse> {
    const connection = this.#takeFree() ?? (await this.#open());
    const response = await connection.send(request);
    this.#free.push(connection);
    return response;
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  /** Returns a connection that the server has not closed meanwhile. */
  #takeFree(): HttpConnection | undefined {
    for (;;) {
      const connection = this.#free.pop();
      if (connection?.isOpen !== false) return connection;
    }
  }

  async #open(): Promise<HttpConnection> {
    const connection = await HttpConnection.open(this.#port);
    this.#all.push(connection);
    return connection;
  }
}
