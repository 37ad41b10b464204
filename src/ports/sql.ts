import type { SqlEntityManager } from '@mikro-orm/postgresql';

/**
 * A prepared SQL statement with the placeholders `$1`, `$2` …, for frequent work: it costs a third of
 * the same query by MikroORM. It lists its columns: a prepared `*` fails after a migration adds one.
 */
export interface Statement<Row = never> {
  /** Unique among all statements. */
  readonly name: string;
  readonly text: string;
  /** Type of the result only; never set. Times are `Date`, `jsonb` is parsed, `bigint` is text. */
  readonly row?: Row;
}

/** Runs statements. Values are sent apart from the text, so logs of PostgreSQL do not show them. */
export interface Sql {
  /** MikroORM, for what is not prepared. Outside a transaction, each use makes a new one. */
  readonly em: SqlEntityManager;
  query<Row>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction on one connection. */
export interface SqlTransaction extends Sql {
  /** MikroORM in this transaction, created when first used. Flushed before the commit. */
  readonly em: SqlEntityManager;
  /** Runs a statement whose result nobody reads: with the next one, or with the commit. */
  queue(statement: Statement, values: readonly unknown[]): void;
}

/** Runs `work` in a transaction: commits when it resolves, rolls back when it rejects. */
export type InTransaction = <T>(work: (tx: SqlTransaction) => Promise<T>) => Promise<T>;

/** Connections of this process to PostgreSQL, and the statements and transactions that wait for one. */
export interface PoolState {
  readonly busy: number;
  readonly idle: number;
  readonly waiting: number;
}

/** A row of a look-up. `position` is that of its item, from 1 on, as `with ordinality` counts. */
export interface Located {
  readonly position: number;
}

/** A statement that finds at most one row for each of many items. */
export interface LookUp<Item, Row extends Located> extends Statement<Row> {
  values(items: readonly Item[]): readonly unknown[];
}

/** Runs look-ups, several in one statement. */
export interface LookUps {
  /** Returns the row of an item, read after this call. */
  find<Item, Row extends Located>(lookUp: LookUp<Item, Row>, item: Item): Promise<Row | undefined>;
}

/** One connection for bulk work, with temporary tables of its own. */
export interface BulkSession {
  /** Whether no pooler stands between, which would spread statements over several connections. */
  readonly isDirect: boolean;
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Copies rows into a table. Their values are as PostgreSQL prints them. */
  copy(
    table: string,
    columns: readonly string[],
    rows: AsyncIterable<readonly (string | null)[]>,
  ): Promise<void>;
}

/** Whether a statement failed because another row has a unique value (SQLSTATE 23505). */
export const isDuplicate = (error: unknown): boolean =>
  (error as { code?: unknown } | undefined)?.code === '23505';
