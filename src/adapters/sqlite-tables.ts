import { SourceError } from '../errors/source-error.ts';
import type { Row, Rows, Tables } from '../ports/row-source.ts';

type Database = import('node:sqlite').DatabaseSync;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Opens an SQLite file to read it. @throws SourceError if this Node has no SQLite */
export async function openSqlite(path: string): Promise<Tables> {
  const { DatabaseSync } = await import('node:sqlite').catch((cause) => {
    const cure = 'Use Node 26, or export the table of users as CSV and import that.';
    throw new SourceError(`${path}: this Node cannot read SQLite. ${cure}`, { cause });
  });
  const explain = (cause: unknown) =>
    new SourceError(`${path}: cannot read the SQLite file (${(cause as Error).message}).`, {
      cause,
    });
  let database: Database;
  try {
    database = new DatabaseSync(path, { readOnly: true });
  } catch (cause) {
    throw explain(cause);
  }
  const all = (statement: string, ...values: string[]) => {
    try {
      return database.prepare(statement).all(...values);
    } catch (cause) {
      throw explain(cause);
    }
  };
  return {
    async columns() {
      const tables = all("select name from sqlite_master where type = 'table'");
      return new Map(
        tables.map(({ name }) => {
          const columns = all('select name from pragma_table_info(?)', String(name));
          return [String(name), columns.map((column) => String(column.name))];
        }),
      );
    },
    rows: (table) =>
      rowsOf(database, table, Number(all(`select count(*) as n from ${quote(table)}`)[0]?.n)),
    close: async () => database.close(),
  };
}

function rowsOf(database: Database, table: string, count: number): Rows {
  let read = 0;
  return {
    get share() {
      return count === 0 ? 1 : read / count;
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
      read = 0;
      const select = database.prepare(`select * from ${quote(table)} order by id`);
      for (const fields of select.iterate()) {
        read += 1;
        yield { place: `row ${JSON.stringify(fields.id)}`, fields };
      }
    },
  };
}
