import type { Client, Pool } from './pool.ts';

/** PgBouncer's response to a start-up parameter that it does not know. */
const REJECTED = /unsupported startup parameter/;
const timeouts = ['statement_timeout', 'idle_in_transaction_session_timeout'] as const;

const direct = new WeakSet<Client>();

/**
 * Whether a connection leads to one server process, so that it may name prepared statements. A
 * pooler announces a process id of its own.
 */
export const isDirect = (client: Client): boolean => direct.has(client);

/**
 * Makes PostgreSQL prefer an index also for a table with a few pages. A prepared statement keeps the
 * plan, and would read the whole table until the next ANALYZE, even after it has grown.
 */
const preferIndexes = 'set random_page_cost = 1.1';

/** Finds out for each new connection whether it is direct, and prepares its plans if so. */
export function detectPooler(pool: Pool): void {
  const verify = async (client: Client) => {
    const result = await client.query('select pg_backend_pid() as pid');
    const { rows } = result as { readonly rows: readonly { readonly pid: number }[] };
    // A pooler would pass the setting on to other clients.
    if (rows[0]?.pid !== client.processID) return;
    await client.query(preferIndexes);
    direct.add(client);
  };
  pool.options.verify = (client, done) => void verify(client).then(() => done(), done);
}

/**
 * Returns a hook that sends statements. If a pooler such as PgBouncer in transaction mode rejects
 * timeouts as start-up parameters, the first statement of each transaction sets them. A statement
 * outside a transaction is wrapped in one, with the same round trip unless it has values.
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
    if (!prefix || client.getTransactionStatus() !== 'I') return query(...values);
    if (typeof text !== 'string') return wrap(client, query, prefix, text);
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

/** Runs a statement with values in a transaction, because it cannot share a message with others. */
async function wrap(client: Client, query: Client['query'], prefix: string, statement: unknown) {
  await query(`begin; ${prefix}`);
  try {
    const result = await query(statement);
    await query('commit');
    return result;
  } catch (error) {
    // The transaction may still be open.
    void client.end();
    throw error;
  }
}

/** Returns the result of the last of several statements. */
async function lastOf(response: Promise<unknown>): Promise<unknown> {
  const results = await response;
  return Array.isArray(results) ? results.at(-1) : results;
}
