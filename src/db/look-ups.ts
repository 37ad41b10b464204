import type { Located, LookUp, LookUps, Sql } from '../ports/sql.ts';

/** Items of one statement. It takes milliseconds, a fraction of its timeout. */
const MAX_ITEMS = 500;

type Query = Pick<Sql, 'query'>;

interface Asked<Item, Row> {
  readonly item: Item;
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

  add(item: Item): Promise<Row | undefined> {
    return new Promise((resolve, reject) => this.#asked.push({ item, resolve, reject }));
  }

  run(sql: Query): void {
    while (this.#asked.length > 0) void this.#find(sql, this.#asked.splice(0, MAX_ITEMS));
  }

  async #find(sql: Query, asked: readonly Asked<Item, Row>[]): Promise<void> {
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
 * its own. If a statement fails, only its own items fail.
 */
export function createLookUps(sql: Query): LookUps {
  let batches = new Map<unknown, { run(sql: Query): void }>();
  const flush = () => {
    const waiting = batches.values();
    batches = new Map();
    for (const batch of waiting) batch.run(sql);
  };
  return {
    find<Item, Row extends Located>(lookUp: LookUp<Item, Row>, item: Item) {
      if (batches.size === 0) setImmediate(flush);
      const known = batches.get(lookUp) as Batch<Item, Row> | undefined;
      const batch = known ?? new Batch(lookUp);
      if (!known) batches.set(lookUp, batch);
      return batch.add(item);
    },
  };
}
