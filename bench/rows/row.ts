import type { Measured } from '../measure/compare.ts';

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

/** Compares the rates of two contenders. Shows no ratio if one of them was disturbed. */
export function ratioRow(target: Target, one: Measured, other: Measured): Row {
  const noise = one.noise ?? other.noise;
  const ratio = one.perSecond / other.perSecond;
  const numbers = `${rate(one)} / ${rate(other)} a second`;
  const byCpu = `${figure(other.cpu / one.cpu)} by CPU time`;
  return {
    ...target,
    atLeast: String(target.atLeast),
    aim: String(target.aim),
    figure: noise ? undefined : figure(ratio),
    detail: noise ? `too noisy (${noise}); ${byCpu}` : numbers,
    met: !noise && ratio >= target.atLeast,
  };
}

/** Shows the rate of a contender. */
export function rateRow(target: Target, one: Measured): Row {
  return {
    ...target,
    atLeast: `${target.atLeast}/s`,
    aim: `${target.aim}/s`,
    figure: one.noise ? undefined : `${rate(one)}/s`,
    detail: one.noise ? `too noisy (${one.noise}); ${rate(one)}/s` : `${figure(one.cpu)} µs of CPU`,
    met: !one.noise && one.perSecond >= target.atLeast,
  };
}

/** Three digits at most. */
export const figure = (value: number): string =>
  value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

const rate = ({ perSecond }: Measured): string =>
  perSecond >= 100 ? Math.round(perSecond).toLocaleString('en') : perSecond.toFixed(1);
