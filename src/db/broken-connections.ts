/** What is used of node-postgres. */
interface Client {
  query(...values: unknown[]): unknown;
  /** With an error, the pool closes the connection instead of lending it again. */
  release(error?: Error): void;
}

interface Pool {
  on(event: 'connect', listener: (client: Client) => void): unknown;
}

/** Statements after whose failure kysely never gives the connection back (kysely issue 1990). */
const HELD = new Set<unknown>(['begin', 'rollback']);

/**
 * Discards a connection on which a transaction could neither begin nor end. Else the pool would be
 * without it for ever, and after ten of them without any.
 */
export function discardBroken(pool: Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    client.query = (...values) => {
      const answer = query(...values);
      if (HELD.has(values[0]) && answer instanceof Promise) {
        answer.catch((error: Error) => client.release(error));
      }
      return answer;
    };
  });
}
