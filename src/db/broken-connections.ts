/** What is used of node-postgres. */
interface Client {
  query(...values: unknown[]): unknown;
  /** With an error, the pool closes the connection instead of lending it again. */
  release(error?: Error): void;
  /** Ends the connection; in the midst of a query at once, so that the pool does not lend it again. */
  end(): Promise<void>;
  readonly connection: { readonly stream: { destroy(error: Error): unknown } };
}

interface Pool {
  on(event: 'connect' | 'acquire' | 'remove', listener: (client: Client) => void): unknown;
  on(event: 'release', listener: (error: unknown, client: Client) => void): unknown;
}

/** Statements after whose failure kysely never gives the connection back (kysely issue 1990). */
const HELD = new Set<unknown>(['begin', 'rollback']);
/** Of node-postgres, where the answer to a statement did not come in time. */
const NO_ANSWER = 'Query read timeout';

/**
 * Discards a connection on which a transaction could neither begin nor end. Else the pool would be
 * without it for ever, and after ten of them without any.
 *
 * And one on which a statement got no answer, with those that have been idle since before it: where
 * the network was cut, each of them would cost the next request its time, for a quarter of an hour.
 */
export function discardBroken(pool: Pool): void {
  const idleSince = new Map<Client, number>();
  pool.on('acquire', (client) => idleSince.delete(client));
  pool.on('remove', (client) => idleSince.delete(client));
  pool.on('release', (_error, client) => idleSince.set(client, Date.now()));

  const discardIdle = (before: number) => {
    for (const [client, since] of idleSince) {
      if (since <= before) client.connection.stream.destroy(new Error('taken for lost'));
    }
  };
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    client.query = (...values) => {
      const began = Date.now();
      const answer = query(...values);
      if (!(answer instanceof Promise)) return answer;
      answer.catch((error: Error) => {
        if (error.message === NO_ANSWER) discardIdle(began);
        if (HELD.has(values[0])) client.release(error);
        else if (error.message === NO_ANSWER) void client.end();
      });
      return answer;
    };
  });
}
