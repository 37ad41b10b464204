/**
 * Calls every operation of a Gatehouse that runs on this machine (`npm start`):
 *
 *     sh bin/run node examples/walk-through/main.ts http://localhost:8000
 */
import { GatehouseError } from './gatehouse-error.ts';
import { NoInboxError } from './inbox.ts';
import { Visitor } from './visitor.ts';

const url = process.argv[2] ?? 'http://localhost:8000';
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  await new Visitor(url, say).walkThrough();
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}

/** Describes an error in one line. Rethrows an unexpected error. */
function reasonOf(error: unknown): string {
  if (error instanceof GatehouseError) {
    const wait = error.retryAfter === undefined ? '' : `; try again in ${error.retryAfter} s`;
    return `${error.code}: ${error.message}${wait}`;
  }
  const fix = 'Run `npm start` and pass the URL that it prints.';
  if (error instanceof NoInboxError) return `${error.message} at ${url}. ${fix}`;
  // Both fetch and URL throw a TypeError.
  if (error instanceof TypeError) return `Gatehouse does not respond at ${url}. ${fix}`;
  throw error;
}
