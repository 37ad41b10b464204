import { openMigrationOrm } from '#src/db/orm.ts';
import { migrate } from '#src/db/run-migrations.ts';

/** Runs a statement with `?` for its values, and returns the rows. */
export type Sql = <Row = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** Migrates the database. Returns a connection for what no operation does. */
export async function openDatabase(url: string): Promise<{ sql: Sql; close(): Promise<void> }> {
  const orm = await openMigrationOrm(url, 'gatehouse-bench');
  await migrate(orm);
  const connection = orm.em.getConnection();
  return {
    sql: (text, values = []) => connection.execute(text, [...values]),
    close: () => orm.close(true),
  };
}
