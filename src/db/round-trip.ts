import { encodeValue } from './encode-value.ts';

/** A statement of a round trip, with its name for preparation. */
export interface Step {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Result of a statement, as node-postgres returns it. */
export interface Result {
  readonly command: string;
  readonly rows: unknown[];
}

/** A function that reads a value of a PostgreSQL type. */
type Parser = (text: string) => unknown;

/** The columns of a prepared statement; none if it returns no rows. */
interface Columns {
  readonly names: readonly string[];
  readonly parsers: readonly Parser[];
  /** A row of nulls, so that all rows have the same shape. */
  readonly empty: Readonly<Record<string, unknown>>;
}

/** The part of node-postgres' protocol connection that a round trip uses. */
interface Connection {
  readonly stream: { cork(): void; uncork(): void };
  /** Texts of prepared statements by their names. The client adds those of this round trip. */
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(statement: { name: string; text: string }): void;
  bind(execution: { statement: string; values: readonly unknown[] }): void;
  describe(portal: { type: 'P' }): void;
  execute(options: object): void;
  sync(): void;
}

interface Fields {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** Columns of the statements that a connection has prepared. They change only with an error. */
const described = new WeakMap<object, Map<string, Columns>>();

const none: Columns = { names: [], parsers: [], empty: {} };

/**
 * Prepared statements that node-postgres sends together, like a query of its own. PostgreSQL runs them
 * one after the other, and skips the rest after a failure: their only Sync message is the last one.
 */
export class RoundTrip {
  readonly steps: readonly Step[];
  /** The result of each statement. */
  readonly results: Promise<readonly Result[]>;
  /** node-postgres replaces it, to stop its timer. */
  callback: (error: Error | null) => void;
  readonly #values: readonly (readonly unknown[])[];
  readonly #parserOf: (oid: number) => Parser;
  readonly #done: Result[] = [];
  #known = new Map<string, Columns>();
  #columns: Columns | undefined;
  #rows: unknown[] = [];
  #failure: Error | undefined;

  constructor(steps: readonly Step[], parserOf: (oid: number) => Parser) {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Result[]>();
    this.steps = steps;
    this.results = promise;
    // Not in `submit`: the client would wait for ever if that threw.
    this.#values = steps.map(({ values }) => values.map(encodeValue));
    this.callback = (error) => (error ? reject(error) : resolve(this.#done));
    this.#parserOf = parserOf;
  }

  /** Name and text of the running statement: the client notes them when it is prepared. */
  get name(): string | undefined {
    return this.steps[this.#done.length]?.name;
  }

  get text(): string | undefined {
    return this.steps[this.#done.length]?.text;
  }

  submit(connection: Connection): Error | undefined {
    const known = described.get(connection) ?? new Map<string, Columns>();
    described.set(connection, known);
    this.#known = known;
    const prepared = new Map<string, string>();
    for (const { name, text } of this.steps) {
      const before = prepared.get(name) ?? connection.parsedStatements[name] ?? text;
      if (before !== text) return new Error(`Two prepared statements have the name '${name}'.`);
      prepared.set(name, text);
    }
    connection.stream.cork();
    for (const [index, { name, text }] of this.steps.entries()) {
      if (prepared.delete(name) && connection.parsedStatements[name] === undefined)
        connection.parse({ name, text });
      connection.bind({ statement: name, values: this.#values[index] ?? [] });
      if (!known.has(name)) connection.describe({ type: 'P' });
      connection.execute({});
    }
    connection.sync();
    connection.stream.uncork();
    return undefined;
  }

  handleRowDescription({ fields }: Fields): void {
    const names = fields.map(({ name }) => name);
    const parsers = fields.map(({ dataTypeID }) => this.#parserOf(dataTypeID));
    const empty = Object.fromEntries(names.map((name) => [name, null]));
    this.#columns = { names, parsers, empty };
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#columns ??= this.#known.get(this.name ?? '') ?? none;
    const { names, parsers, empty } = this.#columns;
    const row = { ...empty };
    try {
      for (let index = 0; index < fields.length; index += 1) {
        const value = fields[index] ?? null;
        if (value !== null) row[names[index] as string] = parsers[index]?.(value);
      }
    } catch (error) {
      this.#failure ??= error as Error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const { name } = this;
    if (name !== undefined && !this.#known.has(name)) this.#known.set(name, this.#columns ?? none);
    const [command = ''] = text.split(' ', 1);
    this.#done.push({ command, rows: this.#rows });
    this.#columns = undefined;
    this.#rows = [];
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(this.#failure ?? null);
  }
}
