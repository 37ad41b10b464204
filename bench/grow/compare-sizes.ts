import { median, medianInterval } from '../measure/statistics.ts';
import { type Operation, operations } from '../operations/operations.ts';
import { figure, type Row } from '../rows/row.ts';
import type { Lab } from '../setup/lab.ts';

/** Requests of an operation in one round. */
const REQUESTS = 40;
/** Rounds of every operation, and of one whose ratio may be above the target after them. */
const ROUNDS = { least: 5, most: 15 };
const MAX_RATIO = 1.3;

interface Compared {
  readonly name: string;
  /** Median of the rounds. */
  readonly ratio: number;
  readonly rounds: number;
}

/** Row 9: latency of every operation in the large installation against the small one. */
export async function compareSizes(
  large: Lab,
  small: Lab,
  say: (line: string) => void,
): Promise<Row[]> {
  const ofSmall = operations(small);
  const compared: Compared[] = [];
  for (const [index, ofLarge] of operations(large).entries()) {
    const other = ofSmall[index];
    if (!other) continue;
    const rounds = await roundsOf(
      () => latencyOf(large, ofLarge),
      () => latencyOf(small, other),
    );
    const ratio = median(rounds.map(ratioOf));
    const shown = [0, 1].map((size) => figure(median(rounds.map((round) => round[size] ?? 0))));
    compared.push({ name: ofLarge.name, ratio, rounds: rounds.length });
    say(
      `  ${ofLarge.name.padEnd(26)} ${figure(ratio)} in ${rounds.length} rounds: ${shown.join(' / ')} ms`,
    );
  }
  const [worst] = compared.toSorted((one, other) => other.ratio - one.ratio);
  if (!worst) return [];
  const all = figure(median(compared.map(({ ratio }) => ratio)));
  return [
    {
      target: '9',
      title: 'slowest of all operations, large / small installation',
      ...{ atLeast: `≤ ${MAX_RATIO}`, aim: '≤ 1.1', figure: figure(worst.ratio) },
      detail: `\`${worst.name}\`, ${worst.rounds} rounds; median of all ${all}`,
      met: worst.ratio <= MAX_RATIO,
    },
  ];
}

/** Latencies in milliseconds. */
type Round = readonly [large: number, small: number];
const ratioOf = ([large, small]: Round): number => large / small;

/** Measures both sizes in turn. More rounds follow while the median may be above the target. */
async function roundsOf(
  large: () => Promise<number>,
  small: () => Promise<number>,
): Promise<Round[]> {
  const rounds: Round[] = [];
  const mayBeAbove = () => medianInterval(rounds.map(ratioOf))[1] > MAX_RATIO;
  while (rounds.length < ROUNDS.least || (rounds.length < ROUNDS.most && mayBeAbove()))
    rounds.push([await large(), await small()]);
  return rounds;
}

/** Returns the median latency in milliseconds, one request after the other. */
async function latencyOf({ client, server }: Lab, operation: Operation): Promise<number> {
  const requests = await operation.requests(REQUESTS);
  const { expected } = operation;
  const { latency } = await client.run({ port: server.port, connections: 1, requests, expected });
  return latency.p50;
}
