import type { MikroORM } from '@mikro-orm/postgresql';
import type { LaggingReads } from '../ports/lagging-reads.ts';
import type { Sql } from '../ports/sql.ts';
import { createSql } from './prepared-sql.ts';
import { ReplicaLag } from './replica-lag.ts';
import { readFromReplica } from './replica-sql.ts';

/** Remembers who has written. */
interface Writers {
  noteWrite(writer: string): Promise<void>;
  hasWritten(writer: string): Promise<boolean>;
}

/** Reads for lists from a replica that lags at most `maxLag` seconds. */
export class ReplicaReads implements LaggingReads {
  readonly sql: Sql;
  readonly lag: ReplicaLag;
  readonly #writers: Writers;

  constructor(primary: Sql, orm: MikroORM, maxLag: number, writers: Writers) {
    const replica = createSql(orm).sql;
    this.lag = new ReplicaLag(primary, replica, maxLag);
    this.sql = readFromReplica(primary, replica, this.lag);
    this.#writers = writers;
  }

  noteWrite(writer: string): Promise<void> {
    return this.#writers.noteWrite(writer);
  }

  async hasWritesOf(writer: string): Promise<boolean> {
    // Saves the question while the replica is not used.
    return this.lag.isUsable() && !(await this.#writers.hasWritten(writer));
  }
}
