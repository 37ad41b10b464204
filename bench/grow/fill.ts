import { type CopyClient, copyInto } from '#src/db/copy-into.ts';
import type { Sql } from '../setup/database.ts';
import { type Column, type Filling, rowMaker } from './rows.ts';

/** Lines sent at once. */
const CHUNK = 2000;

export interface Sizes {
  readonly accounts: number;
  readonly sessions: number;
  readonly audit: number;
}

export interface FillOptions {
  readonly sql: Sql;
  readonly client: CopyClient;
  readonly sizes: Sizes;
  /** Shows the progress of a table, from 0 to 1. */
  readonly progress: (table: string, share: number) => void;
}

/** Fills the large tables by COPY. Reads their columns from the database. */
export async function fill({ sql, client, sizes, progress }: FillOptions): Promise<void> {
  const { accounts } = sizes;
  const tables: Filling[] = [
    { table: 'accounts', count: accounts, accounts },
    { table: 'sessions', count: sizes.sessions, accounts },
    { table: 'audit_events', count: sizes.audit, accounts },
  ];
  // Millions of rows that wait for a seal would keep the worker busy during the measurements.
  await sql('alter table audit_events disable trigger audit_events_added');
  for (const filling of tables) {
    const { table, count } = filling;
    const { columns, line } = rowMaker(filling, await columnsOf(sql, table));
    await copyInto(
      client,
      table,
      columns,
      chunks(count, line, (share) => progress(table, share)),
    );
  }
  await sql('alter table audit_events enable trigger audit_events_added');
  await sql('vacuum analyze');
}

function* chunks(
  count: number,
  line: (row: number) => string,
  progress: (share: number) => void,
): Generator<string> {
  for (let start = 0; start < count; start += CHUNK) {
    const size = Math.min(CHUNK, count - start);
    yield Array.from({ length: size }, (_, index) => line(start + index)).join('');
    progress((start + size) / count);
  }
}

const columnsOf = (sql: Sql, table: string): Promise<Column[]> =>
  sql<Column>(
    `select column_name as name, data_type as type,
       is_nullable = 'YES' or column_default is not null as "isOptional"
     from information_schema.columns where table_name = ? and table_schema = 'public'
     order by ordinal_position`,
    [table],
  );
