import { setTimeout as sleep } from 'node:timers/promises';
import { post } from '../client/raw-request.ts';
import { residentMiB } from '../machine/cpu-time.ts';
import { median } from '../measure/statistics.ts';
import type { Child } from '../setup/child.ts';
import type { Lab } from '../setup/lab.ts';
import { startPeer } from '../setup/peers.ts';
import type { Block } from './block.ts';
import { figure, type Row } from './row.ts';

const TURNS = 5;
/** Milliseconds until an idle process has settled. */
const SETTLE = 3000;

interface Start {
  readonly seconds: number;
  readonly memory: number;
}

/** Rows 12, 13 and 18: start and idle memory. */
export const processes: Block = async (lab, { say }) => {
  const ours: Start[] = [];
  const theirs: Start[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const typename = { query: '{ __typename }', text: '"__typename":"Query"' };
    ours.push(await measureStart(lab, () => lab.gatehouse.server(), typename));
    const hello = { query: '{ hello }', text: '"hello":"world"' };
    theirs.push(await measureStart(lab, () => startPeer(lab.place, 'yoga'), hello));
    say(`  Gatehouse ${shown(ours.at(-1))}, Yoga ${shown(theirs.at(-1))}`);
  }
  const worker = await lab.gatehouse.worker();
  await sleep(SETTLE);
  const workerMemory = residentMiB(worker.pid);
  await worker.stop();
  const medianOf = (starts: readonly Start[], key: keyof Start) =>
    median(starts.map((start) => start[key]));
  const memory = medianOf(ours, 'memory');
  const memoryRatio = memory / medianOf(theirs, 'memory');
  const seconds = medianOf(ours, 'seconds');
  const startRatio = seconds / medianOf(theirs, 'seconds');
  const both = memory + workerMemory;
  const of = (value: number, other: number) => `${figure(value)} / ${figure(other)}`;
  const row = (
    [target, title]: readonly [string, string],
    bounds: Pick<Row, 'atLeast' | 'aim' | 'met'>,
    value: string,
    detail: string,
  ): Row => ({ target, title, ...bounds, figure: value, detail });
  return {
    rows: [
      row(
        ['12', 'idle memory of the server / bare Yoga'],
        { atLeast: '≤ 1.6', aim: '≤ 1.3', met: memoryRatio <= 1.6 },
        figure(memoryRatio),
        `${of(memory, medianOf(theirs, 'memory'))} MiB`,
      ),
      row(
        ['13', 'start to first response / bare Yoga'],
        { atLeast: '≤ 2', aim: '≤ 1.4', met: startRatio <= 2 },
        figure(startRatio),
        `${of(seconds * 1000, medianOf(theirs, 'seconds') * 1000)} ms`,
      ),
      row(
        ['18', 'idle memory of server and worker'],
        { atLeast: '≤ 400 MiB', aim: '≤ 300 MiB', met: both <= 400 },
        `${figure(both)} MiB`,
        `worker ${figure(workerMemory)} MiB`,
      ),
    ],
  };
};

/** Starts a process, asks it once, and reads its memory when it is idle. */
async function measureStart(
  { client }: Lab,
  start: () => Promise<Child & { readonly port: number }>,
  { query, text }: { readonly query: string; readonly text: string },
): Promise<Start> {
  const startedAt = performance.now();
  const child = await start();
  const requests = [post('/graphql', { query })];
  await client.run({ port: child.port, connections: 1, requests, expected: { status: 200, text } });
  const seconds = (performance.now() - startedAt) / 1000;
  await sleep(SETTLE);
  const memory = residentMiB(child.pid);
  await child.stop();
  return { seconds, memory };
}

const shown = (start: Start | undefined): string =>
  start ? `${figure(start.seconds * 1000)} ms, ${figure(start.memory)} MiB` : '';
