import { type Contender, type Sample, takeSample } from './sample.ts';
import { median, spread } from './statistics.ts';

/** Repetitions of each contender; a noisy run gets as many again. */
const REPETITIONS = 3;
/** Highest (maximum − minimum) / median of the repetitions. */
const MAX_SPREAD = 0.15;
/** Highest load of other programs during a repetition, in cores. */
const MAX_FOREIGN = 0.1;

/** The repetitions of a contender. */
export interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly cpu: number;
  readonly cores: number;
  readonly foreign: number;
  /** Why its numbers must not be used; undefined if they are good. */
  readonly noise: string | undefined;
}

export interface CompareOptions {
  readonly seconds: number;
  readonly say: (line: string) => void;
}

/** Measures contenders in turn (A, B, A, B …), after a warm-up of each. Returns medians by name. */
export async function compare(
  contenders: readonly Contender[],
  { seconds, say }: CompareOptions,
): Promise<ReadonlyMap<string, Measured>> {
  const samples = new Map(contenders.map(({ name }) => [name, [] as Sample[]]));
  for (const contender of contenders) await contender.run(Math.min(seconds, 1.5));
  const round = async () => {
    for (const contender of contenders) {
      const sample = await takeSample(contender, seconds);
      samples.get(contender.name)?.push(sample);
      say(lineOf(contender.name, sample));
    }
  };
  for (let turn = 0; turn < REPETITIONS; turn += 1) await round();
  const isNoisy = () => samples.values().some((each) => summarize('', each).noise);
  for (let turn = 0; turn < REPETITIONS && isNoisy(); turn += 1) await round();
  return new Map(samples.entries().map(([name, each]) => [name, summarize(name, each)]));
}

/** Chooses the repetitions with the least foreign load. */
function summarize(name: string, samples: readonly Sample[]): Measured {
  const best = samples.toSorted((one, other) => one.foreign - other.foreign).slice(0, REPETITIONS);
  const middle = (key: keyof Sample) => median(best.map((sample) => sample[key]));
  const foreign = Math.max(...best.map((sample) => sample.foreign));
  const width = spread(best.map(({ perSecond }) => perSecond));
  const noise =
    foreign > MAX_FOREIGN
      ? `other programs used ${foreign.toFixed(2)} cores`
      : width > MAX_SPREAD
        ? `repetitions differ by ${Math.round(width * 100)} %`
        : undefined;
  const [perSecond, cpu, cores] = [middle('perSecond'), middle('cpu'), middle('cores')];
  return { name, perSecond, cpu, cores, foreign, noise };
}

const lineOf = (name: string, { perSecond, cpu, cores, foreign }: Sample) =>
  `  ${name.padEnd(26)} ${perSecond.toFixed(perSecond < 100 ? 1 : 0).padStart(8)}/s ` +
  `${cpu.toFixed(0).padStart(7)} µs ${cores.toFixed(2)} cores, others ${foreign.toFixed(2)}`;
