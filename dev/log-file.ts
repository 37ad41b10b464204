import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A log that a child writes by itself, so that it needs no one to read a pipe. */
export interface LogFile {
  path: string;
  /** To hand to a child as stdout and stderr. */
  descriptor: number;
  /** The last fresh line that matches, as far as the match goes; for an error of one line. */
  lastMatch(pattern: RegExp): string | undefined;
  /** Gives the descriptor back; the child keeps its own. */
  close(): void;
}

/** Opens `<directory>/log/<name>.log` for appending, readable by its owner only. */
export function openLog(directory: string, name: string): LogFile {
  const folder = join(directory, 'log');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.log`);
  const descriptor = openSync(path, 'a', 0o600);
  const start = fstatSync(descriptor).size;
  const fresh = () => readFileSync(path).subarray(start).toString('utf8').split('\n');
  return {
    path,
    descriptor,
    lastMatch: (pattern) =>
      fresh()
        .map((line) => pattern.exec(line)?.[0].trim())
        .findLast((match) => match !== undefined),
    close: () => closeSync(descriptor),
  };
}
