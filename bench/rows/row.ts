import type { Measured } from '../measure/compare.ts';
import { type Figure, rateOf, ratioOf } from '../measure/figure.ts';

/** A line of the table: one target, and what was measured. */
export interface Row {
  /** Number of the target. */
  readonly target: string;
  readonly title: string;
  readonly atLeast: string;
  readonly aim: string;
  /** The ratio, or another figure with its unit. Undefined if there is none. */
  readonly figure: string | undefined;
  /** Numbers behind it, and noise. */
  readonly detail: string;
  readonly met: boolean;
  /** Whether more rounds may show that the target is met, or missed. */
  readonly isOpen?: boolean;
}

interface Target extends Pick<Row, 'target' | 'title'> {
  readonly atLeast: number;
  readonly aim: number;
}

/**
 * Notes the load of other programs. A row that was measured under it does not meet its target, unless
 * the load can only have made its figure worse.
 */
export function noteNoise(noise: string | undefined, row: Row, onlyWorse = false): Row {
  if (!noise) return row;
  const met = row.met && onlyWorse;
  return { ...row, detail: [noise, row.detail].filter(Boolean).join('; '), met, isOpen: !met };
}

/** Compares the rates of two contenders. */
export function ratioRow(target: Target, one: Measured, other: Measured): Row {
  const ratio = ratioOf(one, other);
  const detail =
    `${rate(one.perSecond)} / ${rate(other.perSecond)} a second; ` +
    `${figure(one.cpu)} / ${figure(other.cpu)} µs of CPU`;
  return noteNoise(ratio.foreign, judge(target, ratio, { unit: '', show: figure, detail }));
}

/** Shows the rate of a contender. */
export function rateRow(target: Target, one: Measured): Row {
  const median = rateOf(one);
  const detail = `${figure(one.cpu)} µs of CPU`;
  return noteNoise(median.foreign, judge(target, median, { unit: '/s', show: rate, detail }), true);
}

interface Shown {
  readonly unit: string;
  readonly show: (value: number) => string;
  readonly detail: string;
}

/** Judges a quiet figure by its median, a noisy one by the low end of its interval. */
function judge(target: Target, judged: Figure, { unit, show, detail }: Shown): Row {
  const { value, low, high, rounds, isNoisy } = judged;
  const interval = `${show(low)} to ${show(high)} in ${rounds} rounds`;
  const met = (isNoisy ? low : value) >= target.atLeast;
  return {
    ...target,
    atLeast: `${target.atLeast}${unit}`,
    aim: `${target.aim}${unit}`,
    figure: `${show(value)}${unit}`,
    detail: isNoisy ? `${interval}; ${detail}` : detail,
    met,
    isOpen: isNoisy && !met && high >= target.atLeast,
  };
}

/** Three digits at most. */
export const figure = (value: number): string =>
  value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

const rate = (perSecond: number): string =>
  perSecond >= 100 ? Math.round(perSecond).toLocaleString('en') : perSecond.toFixed(1);
