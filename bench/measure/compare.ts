import { type Contender, type Sample, takeSample } from './sample.ts';
import { median, spread } from './statistics.ts';

/** Highest spread of the rates or ratios of the rounds. */
const MAX_SPREAD = 0.15;
/** Highest load of other programs during a repetition, in cores. */
const MAX_FOREIGN = 0.1;

/** A contender's medians, and its repetitions: one for each round. */
export interface Measured extends Sample {
  readonly name: string;
  readonly rounds: readonly Sample[];
}

/** A median over the rounds. */
export interface Figure {
  readonly value: number;
  /** Why it must not be used; undefined if it is good. */
  readonly noise: string | undefined;
}

export interface CompareOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

type Results<Contenders> = { readonly [Key in keyof Contenders]: Measured };

/** Measures contenders in turn (A, B, A, B …), after a warm-up of each. */
export async function compare<const Contenders extends readonly Contender[]>(
  contenders: Contenders,
  { rounds, seconds, say }: CompareOptions,
): Promise<Results<Contenders>> {
  const samples = contenders.map((): Sample[] => []);
  for (const contender of contenders) await takeSample(contender, Math.min(seconds, 1.5));
  for (let round = 0; round < rounds; round += 1)
    for (const [index, contender] of contenders.entries()) {
      const sample = await takeSample(contender, seconds);
      samples[index]?.push(sample);
      say(lineOf(contender.name, sample));
    }
  return contenders.map(({ name }, index) =>
    summarize(name, samples[index] ?? []),
  ) as unknown as Results<Contenders>;
}

/** Returns the medians of a contender's repetitions. */
export function summarize(name: string, rounds: readonly Sample[]): Measured {
  const medianOf = (key: keyof Sample) => median(rounds.map((sample) => sample[key]));
  const [perSecond, cpu, cores] = [medianOf('perSecond'), medianOf('cpu'), medianOf('cores')];
  return { name, rounds, perSecond, cpu, cores, foreign: medianOf('foreign') };
}

/** Returns the median rate a second. */
export const rateOf = ({ rounds }: Measured): Figure =>
  figureOf(rounds.map((sample) => [sample.perSecond, sample.foreign]));

/**
 * Returns the median of the ratios of each round. The two repetitions of a round are neighbours,
 * so a machine that becomes slower or faster meanwhile changes both.
 */
export const ratioOf = (one: Measured, other: Measured): Figure =>
  figureOf(
    one.rounds.map((mine, round) => {
      const theirs = other.rounds[round] ?? mine;
      return [mine.perSecond / theirs.perSecond, Math.max(mine.foreign, theirs.foreign)];
    }),
  );

/** Leaves out rounds with foreign load. Half of the rounds must be without. */
function figureOf(rounds: readonly (readonly [value: number, foreign: number])[]): Figure {
  const calm = rounds.filter(([, foreign]) => foreign <= MAX_FOREIGN);
  if (calm.length < rounds.length / 2) {
    const noise = foreignNoise(Math.max(...rounds.map(([, foreign]) => foreign)));
    return { value: median(rounds.map(([value]) => value)), noise };
  }
  const values = calm.map(([value]) => value);
  const width = spread(values);
  const noise = width > MAX_SPREAD ? `rounds differ by ${Math.round(width * 100)} %` : undefined;
  return { value: median(values), noise };
}

/** Returns why a measurement under this foreign load is noisy; undefined if it is not. */
export const foreignNoise = (cores: number): string | undefined =>
  cores > MAX_FOREIGN ? `other programs used ${cores.toFixed(2)} cores` : undefined;

const lineOf = (name: string, { perSecond, cpu, cores, foreign }: Sample) =>
  `  ${name.padEnd(26)} ${perSecond.toFixed(perSecond < 100 ? 1 : 0).padStart(8)}/s ` +
  `${cpu.toFixed(0).padStart(7)} µs ${cores.toFixed(2)} cores, others ${foreign.toFixed(2)}`;
