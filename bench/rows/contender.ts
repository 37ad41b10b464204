import type { Expectation } from '../client/job.ts';
import type { Contender } from '../measure/sample.ts';
import type { Lab } from '../setup/lab.ts';

/** Connections of a load on a cheap operation. */
const CONNECTIONS = 64;

/** A server under test. */
export interface Endpoint {
  readonly pid: number;
  readonly port: number;
}

interface Load {
  readonly requests: readonly string[];
  readonly expected: Expectation;
  readonly connections?: number;
}

/** Makes a contender that repeats a list of requests. */
export const repeated = (
  { client }: Lab,
  name: string,
  { pid, port }: Endpoint,
  { requests, expected, connections = CONNECTIONS }: Load,
): Contender => ({
  name,
  pid,
  run: (seconds) => client.run({ port, connections, requests, seconds, expected }),
});
