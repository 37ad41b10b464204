import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Opens `<directory>/log/<name>.log`. The child writes it directly, so that logging continues after
 * the supervisor ends.
 */
export function openLog(directory: string, name: string) {
  const path = join(directory, 'log', `${name}.log`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const descriptor = openSync(path, 'a', 0o600);
  const start = fstatSync(descriptor).size;
  /** Returns the match in the last matching line that was written since the file was opened. */
  const lastMatch = (pattern: RegExp): string | undefined => {
    const lines = readFileSync(path).subarray(start).toString('utf8').split('\n');
    const line = lines.findLast((each) => pattern.test(each)) ?? '';
    return pattern.exec(line)?.[0].trim();
  };
  return { path, descriptor, lastMatch, close: () => closeSync(descriptor) };
}
