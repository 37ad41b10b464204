import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../measure/statistics.ts';
import { type Operation, operations } from '../operations/operations.ts';
import type { Lab } from '../setup/lab.ts';
import { emptyOutbox, type PerPart, parts, perPart, type Use, useOf } from './parts.ts';

/** Seconds of one turn, and turns. */
const SECONDS = 4;
const TURNS = 3;
const CONNECTIONS = 32;
/** Seconds of the measurement without load. */
const IDLE = 5;

/**
 * Operations that the model knows, and their rates. Each rate takes a tenth to a half of a core, like the load
 * of a server that has room for a peak. At saturation (docs/explain/performance.md) an operation costs
 * less, because processes handle several at each wake-up.
 */
const rates: Readonly<Record<string, number>> = {
  ...{ login: 30, requestOtp: 100, verifyOtp: 100, refreshTokens: 150, me: 600 },
  'auditLogs, page 1': 200,
};

/** Cost of one operation, with all that it causes in other processes. */
export interface MeasuredCost {
  /** CPU time in microseconds. */
  readonly cpu: PerPart;
  /** Bytes of PostgreSQL's write-ahead log. */
  readonly wal: number;
  /** Bytes of a request and its response, without TLS. */
  readonly network: number;
}

/** Measures the costs of `src/capacity/measured-costs.ts`. */
export async function measureCosts(lab: Lab, say: (line: string) => void): Promise<void> {
  const idle = await measureIdle(lab);
  say(`idle: ${parts.map((part) => `${part} ${idle[part].toFixed(3)}`).join(', ')} cores`);
  for (const name of Object.keys(rates)) {
    const { cpu, wal, network } = await measureCost(lab, name, idle);
    const shown = parts.map((part) => `${part} ${cpu[part].toFixed(0)} µs`).join(', ');
    say(`${name}: ${shown}, WAL ${wal.toFixed(0)}, network ${network} bytes`);
  }
}

/** Returns the cores that each part uses without load. */
export async function measureIdle(lab: Lab): Promise<PerPart> {
  await emptyOutbox(lab);
  const { cpu, seconds } = await useOf(lab, () => sleep(IDLE * 1000));
  return perPart((part) => cpu[part] / 1e6 / seconds);
}

/** Measures one operation, by the median of some turns. */
export async function measureCost(
  lab: Lab,
  name: string,
  idle: PerPart,
  turns = TURNS,
): Promise<MeasuredCost> {
  const { client, server } = lab;
  const { requests: make, expected } = operationOf(lab, name);
  const rate = rates[name] ?? 1;
  const uses: Use[] = [];
  for (let turn = 0; turn <= turns; turn += 1) {
    const requests = await make(rate * SECONDS);
    await emptyOutbox(lab);
    const job = { port: server.port, connections: CONNECTIONS, requests, rate, expected };
    uses.push(await useOf(lab, () => client.run(job)));
  }
  // The first turn compiles.
  const measured = uses.slice(1);
  const perRequest = (of: (use: Use) => number) => median(measured.map(of)) / (rate * SECONDS);
  const [request = ''] = await make(1);
  return {
    cpu: perPart((part) => perRequest((use) => use.cpu[part] - idle[part] * use.seconds * 1e6)),
    wal: perRequest(({ wal }) => wal),
    network: await bytesOf(server.port, request),
  };
}

function operationOf(lab: Lab, name: string): Operation {
  const found = operations(lab).find((each) => each.name === name);
  if (!found) throw new Error(`the bench has no operation ${name}`);
  return found;
}

/** Returns the bytes of a request and its response. */
async function bytesOf(port: number, request: string): Promise<number> {
  const closing = request.replace('\r\n', '\r\nconnection: close\r\n');
  const socket = connect({ host: '127.0.0.1', port });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on('error', reject).on('end', resolve).resume().write(closing);
  await promise;
  return socket.bytesRead + socket.bytesWritten;
}
