import type { CopyClient } from '#src/db/copy-into.ts';
import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';
import type { ExplainClient } from '../grow/explain.ts';

/** Runs a statement with `?` for its values, and returns the rows. */
export type Sql = <Row = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** A connection of node-postgres. */
export type PgClient = CopyClient & ExplainClient;

export interface Database {
  readonly sql: Sql;
  /** Lends a connection for COPY and for statements with numbered parameters. */
  withClient<Result>(work: (client: PgClient) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Migrates the database, and opens it for work that no operation does. */
export async function openDatabase(url: string): Promise<Database> {
  const orm = await openMigrationOrm(url, 'gatehouse-bench');
  await migrate(orm);
  const connection = orm.em.getConnection();
  return {
    sql: (text, values = []) => connection.execute(text, [...values]),
    async withClient(work) {
      const pool = await connection.getNativeClient();
      const client = await pool.connect();
      try {
        return await work(client as unknown as PgClient);
      } finally {
        client.release();
      }
    },
    close: () => orm.close(true),
  };
}
