import type { Client, Pool } from './pool.ts';

/** PgBouncer's response to a start-up parameter that it does not know. */
const REJECTED = /unsupported startup parameter/;
const timeouts = ['statement_timeout', 'idle_in_transaction_session_timeout'] as const;

/**
 * Returns a hook that sends statements. If a pooler such as PgBouncer in transaction mode rejects
 * timeouts as start-up parameters, the first statement of each transaction sets them. A statement
 * outside a transaction is wrapped in one, with the same round trip.
 */
export function adaptToPooler(pool: Pool) {
  const connect = pool.connect.bind(pool);
  let prefix = '';
  pool.connect = async () => {
    try {
      return await connect();
    } catch (error) {
      if (!REJECTED.test((error as Error).message)) throw error;
      prefix ||= takeTimeouts(pool.options);
      return connect();
    }
  };
  return (client: Client, query: Client['query'], values: unknown[]): unknown => {
    const [text, ...rest] = values;
    if (!prefix || typeof text !== 'string' || client.getTransactionStatus() !== 'I') {
      return query(...values);
    }
    const isBegin = /^(begin|start transaction)\b/.test(text);
    const results = query(isBegin ? `${text}; ${prefix}` : `${prefix} ${text}`, ...rest);
    return lastOf(results as Promise<unknown>);
  };
}

/** Removes the timeouts from the start-up parameters. @returns the statements that set them */
function takeTimeouts(options: Record<string, unknown>): string {
  const settings = timeouts.filter((name) => options[name] !== undefined);
  return settings
    .map((name) => {
      const value = Number(options[name]);
      delete options[name];
      return `set local ${name} = ${value};`;
    })
    .join(' ');
}

/** Returns the result of the last of several statements. */
async function lastOf(response: Promise<unknown>): Promise<unknown> {
  const results = await response;
  return Array.isArray(results) ? results.at(-1) : results;
}
