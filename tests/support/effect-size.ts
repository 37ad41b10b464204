/** How far apart two samples are. Ranks alone count, so no distribution is assumed. */
export interface EffectSize {
  /** Cliff's delta: P(a > b) − P(a < b). 0 where nobody could tell them apart; at most 1. */
  readonly delta: number;
  /** Hodges and Lehmann's: the median of all differences a − b, in the unit of the samples. */
  readonly shift: number;
}

export function effectSize(a: readonly number[], b: readonly number[]): EffectSize {
  const differences = a.flatMap((x) => b.map((y) => x - y)).sort((x, y) => x - y);
  const { length } = differences;
  const balance = differences.reduce((sum, difference) => sum + Math.sign(difference), 0);
  return { delta: balance / length, shift: differences[length >> 1] ?? 0 };
}
