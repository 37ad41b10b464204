import type { MikroORM, SqlEntityManager } from '@mikro-orm/postgresql';
import type { SqlTransaction, Statement } from '../ports/sql.ts';
import type { Client } from './pool.ts';
import { runPrepared } from './run-prepared.ts';

/** Result of a statement, as node-postgres returns it. */
interface Result {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: unknown[];
}

/** A query of MikroORM, as kysely passes it to a connection. */
interface CompiledQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** A transaction on a connection of the pool. */
export class OpenTransaction implements SqlTransaction {
  readonly #client: Client;
  readonly #orm: MikroORM;
  #em: SqlEntityManager | undefined;

  constructor(client: Client, orm: MikroORM) {
    this.#client = client;
    this.#orm = orm;
  }

  get em(): SqlEntityManager {
    if (this.#em) return this.#em;
    this.#em = this.#orm.em.fork();
    // MikroORM calls no other method of a transaction.
    this.#em.setTransactionContext({
      executeQuery: (query: CompiledQuery) => this.#execute(query),
    });
    return this.#em;
  }

  query<Row>(statement: Statement<Row>, values: readonly unknown[] = []): Promise<Row[]> {
    return runPrepared(this.#client, statement, values);
  }

  /** Runs the whole transaction and releases the connection. */
  async run<T>(work: (tx: SqlTransaction) => Promise<T>): Promise<T> {
    const client = this.#client;
    let broken: Error | undefined;
    try {
      await client.query('begin transaction');
      const result = await work(this);
      await this.#em?.flush();
      const { command } = (await client.query('commit')) as Result;
      if (command !== 'COMMIT') throw new Error('A statement failed: PostgreSQL rolled back.');
      return result;
    } catch (error) {
      await (client.query('rollback transaction') as Promise<Result>).catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async #execute({ sql, parameters }: CompiledQuery) {
    const { command, rowCount, rows } = (await this.#client.query(sql, parameters)) as Result;
    const isChange = ['INSERT', 'UPDATE', 'DELETE'].includes(command);
    return { rows, numAffectedRows: isChange ? BigInt(rowCount ?? 0) : undefined };
  }
}
