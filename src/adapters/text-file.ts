import { createReadStream, statSync } from 'node:fs';
import { SourceError } from '../errors/source-error.ts';
import type { Row, Rows } from '../ports/row-source.ts';

/** A UTF-8 text file, read once. */
export class TextFile {
  readonly path: string;
  readonly #size: number;
  #read = 0;

  /** @throws SourceError if there is no such file */
  constructor(path: string) {
    this.path = path;
    try {
      this.#size = statSync(path).size;
    } catch (cause) {
      throw new SourceError(`${path}: cannot read the file (${codeOf(cause)}).`, { cause });
    }
  }

  /** Share that was read, from 0 to 1. */
  get share(): number {
    return this.#size === 0 ? 1 : Math.min(1, this.#read / this.#size);
  }

  /** Reads the text without a byte order mark. @throws SourceError if it is not UTF-8 */
  async *chunks(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
      for await (const chunk of createReadStream(this.path)) {
        this.#read += chunk.length;
        yield decoder.decode(chunk, { stream: true });
      }
      yield decoder.decode();
    } catch (cause) {
      const isEncoding = codeOf(cause) === 'ERR_ENCODING_INVALID_ENCODED_DATA';
      const problem = isEncoding ? 'is not UTF-8. Convert it first.' : `(${codeOf(cause)})`;
      throw new SourceError(`${this.path}: ${problem}`, { cause });
    }
  }
}

/** Reads rows out of a text file. @throws SourceError if there is no such file */
export function rowsOfFile(path: string, read: (file: TextFile) => AsyncGenerator<Row>): Rows {
  const file = new TextFile(path);
  return {
    get share() {
      return file.share;
    },
    [Symbol.asyncIterator]: () => read(file),
  };
}

const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException).code;
