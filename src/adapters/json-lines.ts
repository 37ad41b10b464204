import { SourceError } from '../errors/source-error.ts';
import type { Row, Rows } from '../ports/row-source.ts';
import { rowsOfFile, type TextFile } from './text-file.ts';

/** Longest line, so that a file without line ends does not fill the memory. */
const LONGEST = 1_000_000;

/** Reads a file that has a JSON object in each line. */
export const readJsonLines = (path: string): Rows => rowsOfFile(path, rowsOf);

async function* rowsOf(file: TextFile): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of linesOf(file)) {
    line += 1;
    if (text.trim() === '') continue;
    const fields = parse(
      text,
      (column, problem) => `${file.path}: line ${line}, column ${column}: ${problem}`,
    );
    yield { place: `line ${line}`, fields };
  }
}

async function* linesOf(file: TextFile): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of file.chunks()) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST) throw new SourceError(`${file.path}: a line is longer than 1 MB.`);
    yield* lines;
  }
  if (rest) yield rest;
}

function parse(text: string, describe: (column: number, problem: string) => string): Row['fields'] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SourceError(describe(columnOf(text), 'not valid JSON.'), { cause });
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) throw new SourceError(describe(1, 'not a JSON object.'));
  return value as Row['fields'];
}

/** Returns the column of the first mistake. V8 does not tell the position of some mistakes. */
function columnOf(text: string): number {
  const known = /at position (\d+)/.exec(mistakeOf(text))?.[1];
  if (known) return Number(known) + 1;
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mistakeOf(text.slice(0, middle)).startsWith('Unexpected token')) high = middle;
    else low = middle + 1;
  }
  return low;
}

function mistakeOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
