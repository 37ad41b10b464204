import { type Measured, rateOf, ratioOf } from '../measure/compare.ts';

/** A line of the table: one target, and what was measured. */
export interface Row {
  /** Number of the target. */
  readonly target: string;
  readonly title: string;
  readonly atLeast: string;
  readonly aim: string;
  /** The ratio, or another figure with its unit. Undefined where noise forbids one. */
  readonly figure: string | undefined;
  /** Numbers behind it, or why there is no figure. */
  readonly detail: string;
  readonly met: boolean;
}

interface Target extends Pick<Row, 'target' | 'title'> {
  readonly atLeast: number;
  readonly aim: number;
}

/** Withholds the figure of a noisy measurement, and shows the noise and `instead`. */
export const unlessNoisy = (
  noise: string | undefined,
  row: Row,
  instead = [row.figure, row.detail].filter(Boolean).join(', '),
): Row =>
  noise
    ? { ...row, figure: undefined, detail: `too noisy (${noise}); ${instead}`, met: false }
    : row;

/** Compares the rates of two contenders. */
export function ratioRow(target: Target, one: Measured, other: Measured): Row {
  const { value: ratio, noise } = ratioOf(one, other);
  const row = {
    ...target,
    atLeast: String(target.atLeast),
    aim: String(target.aim),
    figure: figure(ratio),
    detail: `${rate(one.perSecond)} / ${rate(other.perSecond)} a second`,
    met: ratio >= target.atLeast,
  };
  return unlessNoisy(noise, row, `${figure(other.cpu / one.cpu)} by CPU time`);
}

/** Shows the rate of a contender. */
export function rateRow(target: Target, one: Measured): Row {
  const { value, noise } = rateOf(one);
  return unlessNoisy(noise, {
    ...target,
    atLeast: `${target.atLeast}/s`,
    aim: `${target.aim}/s`,
    figure: `${rate(value)}/s`,
    detail: `${figure(one.cpu)} µs of CPU`,
    met: value >= target.atLeast,
  });
}

/** Three digits at most. */
export const figure = (value: number): string =>
  value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

const rate = (perSecond: number): string =>
  perSecond >= 100 ? Math.round(perSecond).toLocaleString('en') : perSecond.toFixed(1);
