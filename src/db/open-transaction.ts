import type { MikroORM, SqlEntityManager } from '@mikro-orm/postgresql';
import type { SqlTransaction, Statement } from '../ports/sql.ts';
import type { Client } from './pool.ts';
import type { Result, Step } from './round-trip.ts';
import { begin, commit, runTogether } from './run-prepared.ts';

/** Result of a query of MikroORM, as node-postgres returns it. */
interface OwnResult extends Result {
  readonly rowCount: number | null;
}

/** A query of MikroORM, as kysely passes it to a connection. */
interface CompiledQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * A transaction on a connection of the pool. Its begin is sent together with its first statement, and
 * its commit with those that wait.
 */
export class OpenTransaction implements SqlTransaction {
  readonly #client: Client;
  readonly #orm: MikroORM;
  /** Statements to send before the next one. */
  readonly #waiting: Step[] = [begin];
  /** The round trip that begins the transaction. */
  #opening: Promise<unknown> | undefined;
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

  async query<Row>(
    { name, text }: Statement<Row>,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    this.#waiting.push({ name, text, values });
    const results = await this.#send();
    return (results.at(-1)?.rows ?? []) as Row[];
  }

  queue({ name, text }: Statement, values: readonly unknown[]): void {
    this.#waiting.push({ name, text, values });
  }

  /** Runs the whole transaction and releases the connection. */
  async run<T>(work: (tx: SqlTransaction) => Promise<T>): Promise<T> {
    let broken: Error | undefined;
    try {
      const result = await work(this);
      await this.#em?.flush();
      await this.#commit();
      return result;
    } catch (error) {
      broken = await this.#rollBack();
      throw error;
    } finally {
      this.#client.release(broken);
    }
  }

  async #send(): Promise<readonly Result[]> {
    const steps = this.#waiting.splice(0);
    // Without a transaction, a statement would be committed by itself.
    if (this.#opening) await this.#opening;
    const sent = runTogether(this.#client, steps);
    if (steps[0] === begin) this.#opening = sent;
    return sent;
  }

  async #commit(): Promise<void> {
    // Nothing was sent: there is no transaction.
    if (this.#waiting.at(-1) === begin) return;
    this.#waiting.push(commit);
    const ended = (await this.#send()).at(-1);
    if (ended?.command !== 'COMMIT') throw new Error('A statement failed: PostgreSQL rolled back.');
  }

  /** @returns why the connection cannot be reused, if so */
  async #rollBack(): Promise<Error | undefined> {
    if (this.#waiting[0] === begin) return undefined;
    try {
      await this.#client.query('rollback transaction');
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  async #execute({ sql, parameters }: CompiledQuery) {
    await (this.#waiting.length > 0 ? this.#send() : this.#opening);
    const result = (await this.#client.query(sql, parameters)) as OwnResult;
    const { command, rowCount, rows } = result;
    const isChange = ['INSERT', 'UPDATE', 'DELETE'].includes(command);
    return { rows, numAffectedRows: isChange ? BigInt(rowCount ?? 0) : undefined };
  }
}
