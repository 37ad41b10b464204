import type { Client, Pool } from './pool.ts';

/** PgBouncer's answer to a start-up parameter that it does not know. */
const REFUSED = /unsupported startup parameter/;
const timeouts = ['statement_timeout', 'idle_in_transaction_session_timeout'] as const;

/**
 * Supports a connection pooler such as PgBouncer in transaction mode, which refuses timeouts as
 * start-up parameters. After a refusal, the first statement of each transaction sets them. A
 * statement outside a transaction is wrapped in one, with the same round trip.
 */
export function adaptToPooler(pool: Pool): void {
  const connect = pool.connect.bind(pool);
  let prefix = '';
  pool.connect = async () => {
    try {
      return await connect();
    } catch (error) {
      if (!REFUSED.test((error as Error).message)) throw error;
      prefix ||= takeTimeouts(pool.options);
      return connect();
    }
  };
  pool.on('connect', (client) => {
    if (prefix) setTimeouts(client, prefix);
  });
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

function setTimeouts(client: Client, prefix: string): void {
  const query = client.query.bind(client);
  client.query = (text, ...rest) => {
    if (typeof text !== 'string' || client.getTransactionStatus() !== 'I') {
      return query(text, ...rest);
    }
    const isBegin = /^(begin|start transaction)\b/.test(text);
    const answer = query(isBegin ? `${text}; ${prefix}` : `${prefix} ${text}`, ...rest);
    return lastOf(answer as Promise<unknown>);
  };
}

/** Returns the result of the last of several statements. */
const lastOf = async (answer: Promise<unknown>): Promise<unknown> => {
  const results = await answer;
  return Array.isArray(results) ? results.at(-1) : results;
};
