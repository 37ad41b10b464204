import { type Contender, type Sample, takeSample } from './sample.ts';
import { median, spread } from './statistics.ts';

/** Repetitions of each contender. A noisy run gets as many again. */
const REPETITIONS = 3;
/** Highest (maximum − minimum) / median of the repetitions. */
const MAX_SPREAD = 0.15;
/** Highest load of other programs during a repetition, in cores. */
const MAX_FOREIGN = 0.1;

/** Medians of a contender's repetitions. */
export interface Measured extends Sample {
  readonly name: string;
  /** Why the rate must not be used; undefined if it is good. */
  readonly noise: string | undefined;
}

export interface CompareOptions {
  readonly seconds: number;
  readonly say: (line: string) => void;
}

type Results<Contenders> = { readonly [Key in keyof Contenders]: Measured };

/** Measures contenders in turn (A, B, A, B …), after a warm-up of each. */
export async function compare<const Contenders extends readonly Contender[]>(
  contenders: Contenders,
  { seconds, say }: CompareOptions,
): Promise<Results<Contenders>> {
  const samples = contenders.map((): Sample[] => []);
  for (const contender of contenders) await takeSample(contender, Math.min(seconds, 1.5));
  const round = async () => {
    for (const [index, contender] of contenders.entries()) {
      const sample = await takeSample(contender, seconds);
      samples[index]?.push(sample);
      say(lineOf(contender.name, sample));
    }
  };
  for (let turn = 0; turn < REPETITIONS; turn += 1) await round();
  const results = () =>
    contenders.map(({ name }, index) => ({ name, ...summarize(samples[index] ?? []) }));
  const isNoisy = () => results().some(({ noise }) => noise);
  for (let turn = 0; turn < REPETITIONS && isNoisy(); turn += 1) await round();
  return results() as Results<Contenders>;
}

/** Takes the repetitions with the least foreign load. */
function summarize(samples: readonly Sample[]): Omit<Measured, 'name'> {
  const best = samples.toSorted((one, other) => one.foreign - other.foreign).slice(0, REPETITIONS);
  const medianOf = (key: keyof Sample) => median(best.map((sample) => sample[key]));
  const foreign = Math.max(...best.map((sample) => sample.foreign));
  return {
    perSecond: medianOf('perSecond'),
    cpu: medianOf('cpu'),
    cores: medianOf('cores'),
    foreign,
    noise: foreignNoise(foreign) ?? spreadNoise(best.map(({ perSecond }) => perSecond)),
  };
}

/** Returns why a measurement under this foreign load is noisy; undefined if it is not. */
export const foreignNoise = (cores: number): string | undefined =>
  cores > MAX_FOREIGN ? `other programs used ${cores.toFixed(2)} cores` : undefined;

function spreadNoise(rates: readonly number[]): string | undefined {
  const width = spread(rates);
  return width > MAX_SPREAD ? `repetitions differ by ${Math.round(width * 100)} %` : undefined;
}

const lineOf = (name: string, { perSecond, cpu, cores, foreign }: Sample) =>
  `  ${name.padEnd(26)} ${perSecond.toFixed(perSecond < 100 ? 1 : 0).padStart(8)}/s ` +
  `${cpu.toFixed(0).padStart(7)} µs ${cores.toFixed(2)} cores, others ${foreign.toFixed(2)}`;
