import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A log file that a child process writes itself, so that it outlives this process. */
export interface LogFile {
  readonly path: string;
  /** File descriptor for the stdout and stderr of the child. */
  readonly descriptor: number;
  /** Returns the matching part of the last line since the opening that matches. */
  lastMatch(pattern: RegExp): string | undefined;
  /** Closes the descriptor of this process. */
  close(): void;
}

/** Opens `<directory>/log/<name>.log` for appending, readable by its owner only. */
export function openLog(directory: string, name: string): LogFile {
  const folder = join(directory, 'log');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.log`);
  const descriptor = openSync(path, 'a', 0o600);
  const start = fstatSync(descriptor).size;
  const newLines = () => readFileSync(path).subarray(start).toString('utf8').split('\n');
  return {
    path,
    descriptor,
    lastMatch: (pattern) =>
      newLines()
        .map((line) => pattern.exec(line)?.[0].trim())
        .findLast((match) => match !== undefined),
    close: () => closeSync(descriptor),
  };
}
