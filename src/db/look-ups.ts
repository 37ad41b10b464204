import { AsyncResource } from 'node:async_hooks';
import type { Located, LookUp, LookUps, Sql } from '../ports/sql.ts';
import { type Span, sqlSpan, type Tracing } from '../ports/tracing.ts';

/**
 * Items of one statement. With more, PostgreSQL and this process would wait for each other: many
 * requests of one turn would all get their rows at once, and ask again at once.
 */
const MAX_ITEMS = 32;

type Query = Pick<Sql, 'query'>;

interface Asked<Item, Row> {
  readonly item: Item;
  readonly span: Span | undefined;
  resolve(row: Row | undefined): void;
  reject(error: unknown): void;
}

/** Items of a look-up that wait for the end of the turn. */
class Batch<Item, Row extends Located> {
  readonly #lookUp: LookUp<Item, Row>;
  readonly #asked: Asked<Item, Row>[] = [];

  constructor(lookUp: LookUp<Item, Row>) {
    this.#lookUp = lookUp;
  }

  add(item: Item, span: Span | undefined): Promise<Row | undefined> {
    return new Promise((resolve, reject) => this.#asked.push({ item, span, resolve, reject }));
  }

  run(sql: Query): void {
    while (this.#asked.length > 0) void this.#find(sql, this.#asked.splice(0, MAX_ITEMS));
  }

  async #find(sql: Query, asked: readonly Asked<Item, Row>[]): Promise<void> {
    if (asked.length > 1) {
      for (const { span } of asked) span?.set({ 'db.operation.batch.size': asked.length });
    }
    try {
      const values = this.#lookUp.values(asked.map(({ item }) => item));
      for (const row of await sql.query(this.#lookUp, values))
        asked[row.position - 1]?.resolve(row);
      // Changes nothing for those that have a row.
      for (const { resolve } of asked) resolve(undefined);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

/**
 * Collects the look-ups of one turn of the event loop into one statement. It starts after all its
 * items were asked for, and nothing is cached, so each result is as current as one of a statement of
 * its own. If a statement fails, only its own items fail. Each request gets a span of its own for
 * the statement that it shares.
 */
export function createLookUps(sql: Query, tracing?: Tracing): LookUps {
  let batches = new Map<unknown, { run(sql: Query): void }>();
  // Bound here, because the statement belongs to none of the requests that share it.
  const flush = AsyncResource.bind(() => {
    const waiting = batches.values();
    batches = new Map();
    for (const batch of waiting) batch.run(sql);
  });
  return {
    find<Item, Row extends Located>(lookUp: LookUp<Item, Row>, item: Item) {
      if (batches.size === 0) setImmediate(flush);
      const known = batches.get(lookUp) as Batch<Item, Row> | undefined;
      const batch = known ?? new Batch(lookUp);
      if (!known) batches.set(lookUp, batch);
      if (!tracing) return batch.add(item, undefined);
      return tracing.run(sqlSpan(lookUp.name, lookUp.text), (span) => batch.add(item, span));
    },
  };
}
