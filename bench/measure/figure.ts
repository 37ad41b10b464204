import type { Measured } from './compare.ts';
import { median, medianInterval } from './statistics.ts';

/** Widest interval of a median, as a share of it, that counts as quiet. */
const MAX_WIDTH = 0.2;
/** Highest load of other programs during a repetition, in cores. */
const MAX_FOREIGN = 0.1;

/** A median over the rounds. */
export interface Figure {
  readonly value: number;
  /** 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
  /** Rounds that count. */
  readonly rounds: number;
  /** Whether the interval is wide, or other programs ran. */
  readonly isNoisy: boolean;
  /** Load of other programs, if fewer than half of the rounds were without. */
  readonly foreign: string | undefined;
}

type Round = readonly [value: number, foreign: number];

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

/** Leaves out rounds with foreign load, if at least half are without. */
export function figureOf(rounds: readonly Round[]): Figure {
  const calm = rounds.filter(([, load]) => load <= MAX_FOREIGN);
  const isCalm = calm.length >= rounds.length / 2;
  const values = (isCalm ? calm : rounds).map(([value]) => value);
  const value = median(values);
  const [low, high] = medianInterval(values);
  const foreign = isCalm ? undefined : foreignNoise(Math.max(...rounds.map(([, load]) => load)));
  const isNoisy = !isCalm || high - low > MAX_WIDTH * value;
  return { value, low, high, rounds: values.length, isNoisy, foreign };
}

/** Returns why a measurement under this foreign load is noisy; undefined if it is not. */
export const foreignNoise = (cores: number): string | undefined =>
  cores > MAX_FOREIGN ? `other programs used ${cores.toFixed(2)} cores` : undefined;
