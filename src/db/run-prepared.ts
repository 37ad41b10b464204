import type { Statement } from '../ports/sql.ts';
import type { Client } from './pool.ts';
import { isDirect } from './pooler.ts';
import { type Result, RoundTrip, type Step } from './round-trip.ts';

/** Type of `timestamptz` in PostgreSQL's catalog `pg_type`. */
const TIMESTAMPTZ = 1184;

const toDate = (text: string) => new Date(text);

/** Statements that begin and end a transaction. */
export const begin: Step = { name: 'BEGIN', text: 'begin transaction', values: [] };
export const commit: Step = { name: 'COMMIT', text: 'commit', values: [] };

/** Runs a statement on a connection. */
export async function runPrepared<Row>(
  client: Client,
  { name, text }: Statement<Row>,
  values: readonly unknown[],
): Promise<Row[]> {
  const [result] = await runTogether(client, [{ name, text, values }]);
  return (result?.rows ?? []) as Row[];
}

/**
 * Runs statements on a connection, one after the other until one fails. This is one round trip.
 * Behind a pooler it is one for each, and they have no names, because another server process may
 * run the next one.
 */
export async function runTogether(
  client: Client,
  steps: readonly Step[],
): Promise<readonly Result[]> {
  const parserOf = (oid: number, format = 'text') =>
    oid === TIMESTAMPTZ ? toDate : client.getTypeParser(oid, format);
  if (isDirect(client))
    return client.query(new RoundTrip(steps, parserOf)) as Promise<readonly Result[]>;
  const results: Result[] = [];
  const types = { getTypeParser: parserOf };
  for (const step of steps) {
    const { text, values } = step;
    const isControl = step === begin || step === commit;
    results.push((await client.query(isControl ? text : { text, values, types })) as Result);
  }
  return results;
}
