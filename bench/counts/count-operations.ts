import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../measure/statistics.ts';
import type { Operation } from '../operations/operations.ts';
import type { Lab } from '../setup/lab.ts';
import type { CountedServer } from './counted-server.ts';
import type { Statement } from './postgres-messages.ts';

/** Requests per operation. The median leaves out what the server does besides, such as probes. */
const REQUESTS = 9;

/** What one request of an operation sends to the stores. */
export interface OperationCounts {
  readonly name: string;
  /** Without `begin` and `commit`. */
  readonly statements: number;
  readonly transactions: number;
  readonly postgresRoundTrips: number;
  /** Before the response. */
  readonly redisRoundTrips: number;
  /** After the response. */
  readonly laterRoundTrips: number;
  /** All statements of one request. */
  readonly sent: readonly Statement[];
}

/** Milliseconds in which a server does what follows a response. */
const AFTERMATH = 30;

const isControl = ({ text }: Statement) => /^(begin|commit|rollback|set |start trans)/i.test(text);
const isBegin = ({ text }: Statement) => /^(begin|start trans)/i.test(text);

/** Sends requests of an operation one by one, and counts. */
export async function countOperation(
  { client }: Lab,
  server: CountedServer,
  { name, requests, expected }: Operation,
): Promise<OperationCounts> {
  const prepared = await requests(REQUESTS + 1);
  const samples = [];
  for (const request of prepared) {
    let later = 0;
    const use = await server.count(async () => {
      const job = { port: server.port, connections: 1, requests: [request], expected };
      await client.run(job);
    });
    const after = await server.count(() => sleep(AFTERMATH));
    later = after.redisRoundTrips;
    samples.push({ ...use, statements: [...use.statements, ...after.statements], later });
  }
  // The first one learns the token, prepares statements and opens connections.
  const known = samples.slice(1);
  const middle = (read: (sample: (typeof known)[number]) => number) =>
    Math.floor(median(known.map(read)));
  const count = (test: (statement: Statement) => boolean) =>
    middle(({ statements }) => statements.filter(test).length);
  return {
    name,
    statements: count((statement) => !isControl(statement)),
    transactions: count(isBegin),
    postgresRoundTrips: middle(({ postgresRoundTrips }) => postgresRoundTrips),
    redisRoundTrips: middle(({ redisRoundTrips }) => redisRoundTrips),
    laterRoundTrips: middle(({ later }) => later),
    sent: known.at(-1)?.statements ?? [],
  };
}
