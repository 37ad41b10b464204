import type { Client, Pool } from './pool.ts';

/** Statements after whose failure kysely never gives the connection back (kysely issue 1990). */
const HELD = new Set<unknown>(['begin', 'rollback']);
/** Of node-postgres, where the answer to a statement did not come in time. */
const NO_ANSWER = 'Query read timeout';
/**
 * SQLSTATEs after which a connection is of no more use: its server has become read-only, as after a
 * failover, or it ends the session. One that is only read-only lives on and would refuse every write.
 */
const LOST = /^(08...|25006|25P03|57P0[1-5])$/;

/**
 * Discards a connection on which a transaction could neither begin nor end. Else the pool would be
 * without it for ever, and after ten of them without any.
 *
 * Discards one on which a statement got no answer, with those that have been idle since before it:
 * each of them would cost the next request its time. Discards all when the server of one has become
 * read-only or ends the session.
 */
export function discardBroken(pool: Pool): void {
  /** All connections; those that are lent have no time. */
  const idleSince = new Map<Client, number | undefined>();
  const lost = new WeakSet<Client>();
  pool.on('acquire', (client) => idleSince.set(client, undefined));
  pool.on('remove', (client) => idleSince.delete(client));
  pool.on('release', (_error, client) => {
    idleSince.set(client, Date.now());
    // The pool does not lend again what has been ended.
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
