import type { MikroORM } from '@mikro-orm/postgresql';
import type { BulkSession } from '../ports/sql.ts';
import { type CopyClient, copyInto } from './copy-into.ts';
import type { Client, Pool } from './pool.ts';
import { isDirect } from './pooler.ts';

/** Rows that are sent at once. */
const CHUNK = 500;

/** Runs bulk work on one connection, which keeps its temporary tables, and closes it. */
export async function withBulkSession<T>(
  orm: MikroORM,
  work: (session: BulkSession) => Promise<T>,
): Promise<T> {
  const pool = (await orm.em.getConnection().getNativeClient()) as unknown as Pool;
  const client = await pool.connect();
  try {
    return await work({
      isDirect: isDirect(client),
      query: async <Row>(text: string, values: readonly unknown[] = []) => {
        const { rows } = (await client.query({ text, values })) as { readonly rows: Row[] };
        return rows;
      },
      copy: (table, columns, rows) => copyInto(asCopyClient(client), table, columns, linesOf(rows)),
    });
  } finally {
    client.release(new Error('Its temporary tables end with it.'));
  }
}

const asCopyClient = (client: Client): CopyClient => client;

/** Formats rows in COPY's text format. */
async function* linesOf(rows: AsyncIterable<readonly (string | null)[]>): AsyncGenerator<string> {
  const lines: string[] = [];
  for await (const row of rows) {
    lines.push(`${row.map(cellOf).join('\t')}\n`);
    if (lines.length === CHUNK) yield lines.splice(0).join('');
  }
  yield lines.join('');
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};
const cellOf = (value: string | null): string =>
  value === null ? '\\N' : value.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? '');
