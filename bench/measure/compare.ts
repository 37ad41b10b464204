import { type Contender, type Sample, takeSample } from './sample.ts';
import { median } from './statistics.ts';

/** Seconds of load before the first round: after less, V8 still optimizes `me`. */
const WARM_UP = 3;

/** A contender's medians, and its repetitions: one for each round. */
export interface Measured extends Sample {
  readonly name: string;
  readonly rounds: readonly Sample[];
}

export interface CompareOptions {
  readonly rounds: number;
  /** Whether to take twice as many rounds if the first ones leave a target open. */
  readonly mayDouble: boolean;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

type Results<Contenders> = { readonly [Key in keyof Contenders]: Measured };

/** Results of a comparison, and the rows that show them. */
interface Comparison<Contenders, Row> {
  readonly results: Results<Contenders>;
  readonly rows: readonly Row[];
}

/** Measures contenders in turn (A, B, A, B …), after a warm-up of each. */
export async function compare<
  const Contenders extends readonly Contender[],
  Row extends { readonly isOpen?: boolean },
>(
  contenders: Contenders,
  { rounds, mayDouble, seconds, say }: CompareOptions,
  rowsOf: (results: Results<Contenders>) => readonly Row[],
): Promise<Comparison<Contenders, Row>> {
  const samples = contenders.map((): Sample[] => []);
  const takeRounds = async () => {
    for (let round = 0; round < rounds; round += 1)
      for (const [index, contender] of contenders.entries()) {
        const sample = await takeSample(contender, seconds);
        samples[index]?.push(sample);
        say(lineOf(contender.name, sample));
      }
    const results = contenders.map(({ name }, index) =>
      summarize(name, samples[index] ?? []),
    ) as unknown as Results<Contenders>;
    return { results, rows: rowsOf(results) };
  };
  for (const contender of contenders) await takeSample(contender, WARM_UP);
  const first = await takeRounds();
  return mayDouble && first.rows.some(({ isOpen }) => isOpen) ? takeRounds() : first;
}

/** Returns the medians of a contender's repetitions. */
export function summarize(name: string, rounds: readonly Sample[]): Measured {
  const medianOf = (key: keyof Sample) => median(rounds.map((sample) => sample[key]));
  const [perSecond, cpu, cores] = [medianOf('perSecond'), medianOf('cpu'), medianOf('cores')];
  return { name, rounds, perSecond, cpu, cores, foreign: medianOf('foreign') };
}

const lineOf = (name: string, { perSecond, cpu, cores, foreign }: Sample) =>
  `  ${name.padEnd(26)} ${perSecond.toFixed(perSecond < 100 ? 1 : 0).padStart(8)}/s ` +
  `${cpu.toFixed(0).padStart(7)} µs ${cores.toFixed(2)} cores, others ${foreign.toFixed(2)}`;
