/**
 * Goes through all operations of a Gatehouse that runs on this machine (`npm start`):
 *
 *     sh bin/run node examples/walk-through/main.ts http://localhost:8000
 */
import { GatehouseError } from './gatehouse-error.ts';
import { Visitor } from './visitor.ts';

const url = process.argv[2] ?? 'http://localhost:8000';
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  await new Visitor(url, say).walkThrough();
} catch (error) {
  if (!(error instanceof GatehouseError)) throw error;
  const wait = error.retryAfter === undefined ? '' : `; try again in ${error.retryAfter} s`;
  say(`${error.code}: ${error.message}${wait}`);
  process.exitCode = 1;
}
