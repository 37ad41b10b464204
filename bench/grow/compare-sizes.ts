import { median } from '../measure/statistics.ts';
import { type Operation, operations } from '../operations/operations.ts';
import { figure, type Row } from '../rows/row.ts';
import type { Lab } from '../setup/lab.ts';

/** Requests of an operation in one repetition, and repetitions. */
const REQUESTS = 40;
const TURNS = 3;
const MAX_RATIO = 1.3;

/** Row 9: latency of every operation in the large installation against the small one. */
export async function compareSizes(
  large: Lab,
  small: Lab,
  say: (line: string) => void,
): Promise<Row[]> {
  const ofSmall = operations(small);
  const ratios: { name: string; ratio: number }[] = [];
  for (const [index, ofLarge] of operations(large).entries()) {
    const other = ofSmall[index];
    if (!other) continue;
    const times = { large: [] as number[], small: [] as number[] };
    for (let turn = 0; turn < TURNS; turn += 1) {
      times.large.push(await latencyOf(large, ofLarge));
      times.small.push(await latencyOf(small, other));
    }
    const ratio = median(times.large) / median(times.small);
    ratios.push({ name: ofLarge.name, ratio });
    say(
      `  ${ofLarge.name.padEnd(26)} ${figure(median(times.large))} / ${figure(median(times.small))} ms`,
    );
  }
  const sorted = ratios.toSorted((one, other) => other.ratio - one.ratio);
  const [worst] = sorted;
  if (!worst) return [];
  return [
    {
      target: '9',
      title: 'slowest of all operations, large / small installation',
      ...{ atLeast: `≤ ${MAX_RATIO}`, aim: '≤ 1.1', figure: figure(worst.ratio) },
      detail: `\`${worst.name}\`; median ${figure(median(sorted.map(({ ratio }) => ratio)))}`,
      met: worst.ratio <= MAX_RATIO,
    },
  ];
}

/** Returns the median latency in milliseconds, one request after the other. */
async function latencyOf({ client, server }: Lab, operation: Operation): Promise<number> {
  const requests = await operation.requests(REQUESTS);
  const { expected } = operation;
  const { latency } = await client.run({ port: server.port, connections: 1, requests, expected });
  return latency.p50;
}
