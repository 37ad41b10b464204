import { causeOf } from '../errors/outage-diagnosis.ts';
import type { Client, FailedQuery, Pool } from './pool.ts';

/** Statements of kysely, which never releases the connection if they fail (kysely issue 1990). */
const HELD = new Set<unknown>(['begin', 'rollback']);
/** Message of node-postgres when the reply to a statement is late. */
const NO_RESPONSE = 'Query read timeout';

/**
 * Returns a hook for failed statements, and a function that discards all connections. The hook
 * discards a connection on which a transaction could neither begin nor end: the pool would lose it
 * forever. After a statement without a response, it discards all connections that have been idle
 * since before it. If a server has become read-only or ends the session, or if a migration has
 * changed the result of a prepared statement, it discards all connections.
 */
export function discardBroken(pool: Pool) {
  /** All connections with the start of their idle time; undefined while they are in use. */
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
      if (since <= before) client.connection.stream.destroy(new Error('The connection is broken'));
    }
  };
  const discardAll = () => {
    for (const each of idleSince.keys()) lost.add(each);
    discardIdle(Date.now());
  };
  const onFailure = ({ client, statement, startedAt, error }: FailedQuery) => {
    const hasNoResponse = error.message === NO_RESPONSE;
    if (hasNoResponse) discardIdle(startedAt);
    else if (causeOf(error)?.losesConnections) discardAll();
    if (HELD.has(statement)) client.release(error);
    else if (hasNoResponse) void client.end();
  };
  return { onFailure, discardAll };
}
