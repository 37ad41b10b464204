import type { Statement } from '../ports/sql.ts';
import type { Client } from './pool.ts';
import { isDirect } from './pooler.ts';

/** Type of `timestamptz` in PostgreSQL's catalog `pg_type`. */
const TIMESTAMPTZ = 1184;

const toDate = (text: string) => new Date(text);

/**
 * Runs a statement on a connection. Behind a pooler the statement has no name, because another
 * server process may run the next one.
 */
export async function runPrepared<Row>(
  client: Client,
  { name, text }: Statement<Row>,
  values: readonly unknown[],
): Promise<Row[]> {
  const query = { ...(isDirect(client) && { name }), text, values, types: typesOf(client) };
  const { rows } = (await client.query(query)) as { readonly rows: Row[] };
  return rows;
}

/** Reads times as `Date`. MikroORM's pool reads them as text. */
const typesOf = (client: Client) => ({
  getTypeParser: (oid: number, format: string) =>
    oid === TIMESTAMPTZ ? toDate : client.getTypeParser(oid, format),
});
