/** A row of another system. */
export interface Row {
  /** Place in the source, such as `line 7`. */
  readonly place: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Rows of a file or table. Iterating throws a `SourceError` at the place that cannot be read. */
export interface Rows extends AsyncIterable<Row> {
  /** Share that was read, from 0 to 1. */
  readonly share: number;
}

/** Tables of another system. */
export interface Tables {
  /** Returns the columns of each table. */
  columns(): Promise<ReadonlyMap<string, readonly string[]>>;
  rows(table: string): Rows;
  close(): Promise<void>;
}
