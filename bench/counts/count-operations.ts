import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection } from '../client/http-connection.ts';
import { median } from '../measure/statistics.ts';
import type { Operation } from '../operations/operations.ts';
import type { CountedServer, StoreUse } from './counted-server.ts';
import type { Statement } from './postgres-messages.ts';

/** Requests per operation. The median leaves out what the server does besides, such as probes. */
const REQUESTS = 9;
/** Milliseconds for work that follows a response. */
const SETTLE = 30;

/** Statements and commands that one request of an operation sends to the stores. */
export interface OperationCounts {
  readonly name: string;
  /** Without `begin` and `commit`. */
  readonly statements: number;
  readonly transactions: number;
  /** Also after the response; without announcements to the queue. */
  readonly redisRoundTrips: number;
  /** All statements of one request. */
  readonly sent: readonly Statement[];
}

const isControl = ({ text }: Statement) => /^(begin|commit|rollback|set |start trans)/i.test(text);
const isBegin = ({ text }: Statement) => /^(begin|start trans)/i.test(text);

/** Sends requests of an operation one by one, and counts. @throws Error at a wrong response */
export async function countOperation(
  server: CountedServer,
  { name, requests, expected }: Operation,
): Promise<OperationCounts> {
  const connection = await HttpConnection.open(server.port);
  const samples: StoreUse[] = [];
  for (const request of await requests(REQUESTS + 1)) {
    const use = await server.count(async () => {
      const { body } = await connection.send(request);
      if (!body.includes(expected.text)) throw new Error(`${name}: ${body}`);
      await sleep(SETTLE);
    });
    samples.push(use);
  }
  connection.close();
  // The first one learns the token, prepares statements and opens connections.
  const known = samples.slice(1);
  const medianOf = (read: (use: StoreUse) => number) => Math.floor(median(known.map(read)));
  const count = (test: (statement: Statement) => boolean) =>
    medianOf(({ statements }) => statements.filter(test).length);
  return {
    name,
    statements: count((statement) => !isControl(statement)),
    transactions: count(isBegin),
    redisRoundTrips: medianOf(({ redisRoundTrips }) => redisRoundTrips),
    sent: samples.flatMap(({ statements }) => statements),
  };
}
