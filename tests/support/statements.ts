import { RoundTrip } from '#src/db/round-trip.ts';
import type { Runtime } from '#src/services.ts';

/** A statement as node-postgres gets it. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Client {
  query(...given: unknown[]): unknown;
}

interface Pool {
  on(event: 'acquire', listener: (client: Client) => void): unknown;
  off(event: 'acquire', listener: (client: Client) => void): unknown;
}

const asSent = (statement: SentStatement | string, values: unknown[]): SentStatement =>
  typeof statement === 'string' ? { text: statement, values } : statement;

/** The settings of a new connection, which may be opened at any time. */
const isSetting = ({ text }: SentStatement) => text.startsWith('set random_page_cost');

/** Records all statements of a service. @returns them, and a function that stops */
export async function recordStatements({ orm }: Pick<Runtime, 'orm'>) {
  const pool = (await orm.em.getConnection().getNativeClient()) as unknown as Pool;
  const sent: SentStatement[] = [];
  const originals = new Map<Client, Client['query']>();
  const record = (client: Client) => {
    if (originals.has(client)) return;
    const query = client.query;
    originals.set(client, query);
    client.query = (...given) => {
      const [statement, values = []] = given as [RoundTrip | SentStatement | string, unknown[]?];
      const steps = statement instanceof RoundTrip ? statement.steps : [asSent(statement, values)];
      sent.push(...steps.filter((step) => !isSetting(step)));
      return query(...given);
    };
  };
  pool.on('acquire', record);
  return {
    sent: sent as readonly SentStatement[],
    stop() {
      pool.off('acquire', record);
      for (const [client, query] of originals) client.query = query;
    },
  };
}
