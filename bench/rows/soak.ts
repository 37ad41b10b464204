import { setTimeout as sleep } from 'node:timers/promises';
import { residentMiB } from '../machine/cpu-time.ts';
import { operations } from '../operations/operations.ts';
import type { Lab } from '../setup/lab.ts';
import type { Block } from './block.ts';
import { figure } from './row.ts';

const MINUTE = 60_000;
/** Requests of each operation in one round. */
const REQUESTS = 100;
const MAX_GROWTH = 1.05;

/** Row 12: growth of the server's memory under all operations, in turn. */
export const soak: Block = async (lab, { say, minutes }) => {
  // The heap first grows to its working size.
  await mixedLoad(lab, Math.max(MINUTE, (minutes * MINUTE) / 3));
  await sleep(3000);
  const before = residentMiB(lab.server.pid);
  await mixedLoad(lab, minutes * MINUTE);
  await sleep(3000);
  const after = residentMiB(lab.server.pid);
  say(`  ${figure(before)} MiB, then ${figure(after)} MiB`);
  const growth = after / before;
  return {
    rows: [
      {
        target: '12',
        title: `memory after / before ${minutes} min of all operations`,
        ...{ atLeast: `≤ ${MAX_GROWTH}`, aim: '', figure: figure(growth) },
        detail: `${figure(after)} / ${figure(before)} MiB`,
        met: growth <= MAX_GROWTH,
      },
    ],
  };
};

async function mixedLoad(lab: Lab, milliseconds: number): Promise<void> {
  const { client, server } = lab;
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    for (const { requests, expected } of operations(lab)) {
      const prepared = await requests(REQUESTS);
      await client.run({ port: server.port, connections: 4, requests: prepared, expected });
    }
  }
}
