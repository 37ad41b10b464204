import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** The part of node-postgres' protocol connection that COPY uses. */
interface Connection {
  readonly stream: Writable;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** The part of node-postgres' client that COPY uses. */
export interface CopyClient {
  query(copy: Copy): unknown;
}

type Chunks = Iterable<string> | AsyncIterable<string>;

/** A `COPY … FROM STDIN` that node-postgres runs like a query of its own. */
class Copy {
  readonly done = Promise.withResolvers<void>();
  readonly #text: string;
  readonly #chunks: Chunks;
  #failure: unknown;

  constructor(text: string, chunks: Chunks) {
    this.#text = text;
    this.#chunks = chunks;
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection: Connection): void {
    this.#send(connection).catch((error) => {
      this.#failure = error;
      connection.sendCopyFail('The rows cannot be read.');
    });
  }

  async #send(connection: Connection): Promise<void> {
    for await (const chunk of this.#chunks) {
      connection.sendCopyFromChunk(Buffer.from(chunk));
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    }
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.done.resolve();
  }

  handleError(error: Error): void {
    this.done.reject(this.#failure ?? error);
  }
}

/** Copies lines in COPY's text format into a table. */
export async function copyInto(
  client: CopyClient,
  table: string,
  columns: readonly string[],
  chunks: Chunks,
): Promise<void> {
  const names = columns.map((name) => `"${name}"`).join();
  const copy = new Copy(`copy "${table}" (${names}) from stdin`, chunks);
  client.query(copy);
  await copy.done.promise;
}
