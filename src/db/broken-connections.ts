import type { Client, Pool } from './pool.ts';

/** Statements after whose failure kysely never gives the connection back (kysely issue 1990). */
const HELD = new Set<unknown>(['begin', 'rollback']);
/** Of node-postgres, where the answer to a statement did not come in time. */
const NO_ANSWER = 'Query read timeout';
/**
 * SQLSTATEs after which a connection is useless: its server has become read-only, as after a
 * failover, or ends the session. A read-only connection would stay open and refuse every write.
 */
const LOST = /^(08...|25006|25P03|57P0[1-5])$/;

/**
 * Discards a connection on which a transaction could neither begin nor end. Otherwise the pool
 * would lose it forever, and have no connection left after ten of them.
 *
 * If a statement gets no answer, discards its connection and all that have been idle since before
 * it: each of them would delay the next request. If the server of one connection has become
 * read-only or ends the session, discards all.
 */
export function discardBroken(pool: Pool): void {
  /** All connections, with the time since which they are idle; undefined while they are in use. */
  const idleSince = new Map<Client, number | undefined>();
  const lost = new WeakSet<Client>();
  pool.on('acquire', (client) => idleSince.set(client, undefined));
  pool.on('remove', (client) => idleSince.delete(client));
  pool.on('release', (_error, client) => {
    idleSince.set(client, Date.now());
    // The pool does not reuse a connection that has been ended.
    if (lost.has(client)) void client.end();
  });

  const discardIdle = (before: number) => {
    for (const [client, since = Number.POSITIVE_INFINITY] of idleSince) {
      if (since <= before) client.connection.stream.destroy(new Error('taken for lost'));
    }
  };
  const discardAll = () => {
    for (const client of idleSince.keys()) lost.add(client);
    discardIdle(Date.now());
  };
  const afterFailure = (client: Client, statement: unknown, began: number, error: Failure) => {
    const hasNoAnswer = error.message === NO_ANSWER;
    if (hasNoAnswer) discardIdle(began);
    else if (LOST.test(error.code ?? '')) discardAll();
    if (HELD.has(statement)) client.release(error);
    else if (hasNoAnswer) void client.end();
  };
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    client.query = (...values) => {
      const began = Date.now();
      const answer = query(...values);
      if (!(answer instanceof Promise)) return answer;
      answer.catch((error: Failure) => afterFailure(client, values[0], began, error));
      return answer;
    };
  });
}

type Failure = Error & { code?: string };
