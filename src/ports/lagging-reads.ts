import type { Sql } from './sql.ts';

/** Reads for lists that may show the state of some seconds ago. */
export interface LaggingReads {
  /** Reads from the replica, or from the primary while the replica cannot be used or fails. */
  readonly sql: Sql;
  /** Records that an account or API key is about to write. */
  noteWrite(writer: string): Promise<void>;
  /** Whether the replica has all writes of an account or API key. */
  hasWritesOf(writer: string): Promise<boolean>;
}
