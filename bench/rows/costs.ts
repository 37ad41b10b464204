import { type Measured, summarize } from '../measure/compare.ts';
import { type Sample, takeSample } from '../measure/sample.ts';
import { type Operation, operations } from '../operations/operations.ts';
import type { Lab } from '../setup/lab.ts';
import type { Block } from './block.ts';

const REQUESTS = 100;
const CONNECTIONS = 8;
const TURNS = 5;

/** CPU time of the server for each operation, in a process that has served all of them before. */
export const costs: Block = async (lab, { say }) => {
  const measured: Measured[] = [];
  for (const operation of operations(lab)) {
    const cost = await costOf(lab, operation);
    say(`  ${cost.name.padEnd(26)} ${cost.cpu.toFixed(0).padStart(7)} µs`);
    measured.push(cost);
  }
  return { rows: [], costs: measured };
};

/** Returns medians of the turns. */
async function costOf(
  { client, server: { pid, port } }: Lab,
  { name, requests, expected }: Operation,
): Promise<Measured> {
  let prepared: readonly string[] = [];
  const contender = {
    ...{ name, pid },
    async prepare() {
      prepared = await requests(REQUESTS);
    },
    run: () => client.run({ port, connections: CONNECTIONS, requests: prepared, expected }),
  };
  await takeSample(contender, 0);
  const samples: Sample[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) samples.push(await takeSample(contender, 0));
  return summarize(name, samples);
}
