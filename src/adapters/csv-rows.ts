import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { SourceError } from '../errors/source-error.ts';
import type { Row, Rows } from '../ports/row-source.ts';
import { rowsOfFile, type TextFile } from './text-file.ts';

/** Reads a CSV file (RFC 4180) whose first line names the columns. An empty field is null. */
export const readCsv = (path: string): Rows => rowsOfFile(path, rowsOf);

async function* rowsOf(file: TextFile): AsyncGenerator<Row> {
  const parser = parse({
    columns: true,
    info: true,
    skip_empty_lines: true,
    max_record_size: 1_000_000,
    cast: (value) => (value === '' ? null : value),
  });
  const source = Readable.from(file.chunks());
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const { info, record } of source.pipe(parser)) {
      yield { place: `line ${info.lines}`, fields: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The message of the parser quotes the field, which may be a password hash.
    const { lines, column, code } = error;
    const problem = code.slice('CSV_'.length).toLowerCase().replaceAll('_', ' ');
    const number = typeof column === 'number' ? column + 1 : column;
    const place = `line ${String(lines)}, column ${String(number)}`;
    throw new SourceError(`${file.path}: ${place}: not valid CSV (${problem}).`, { cause: error });
  }
}
