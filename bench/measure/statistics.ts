const ascending = (one: number, other: number) => one - other;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted(ascending);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (low + high) / 2;
}

/**
 * Returns the 95 % confidence interval of the median (sign test: it holds for every distribution). It
 * leaves out as many of the lowest and of the highest values as it may: none of five, one of nine,
 * four of 18.
 */
export function medianInterval(values: readonly number[]): readonly [low: number, high: number] {
  const sorted = values.toSorted(ascending);
  const { length } = sorted;
  let left = 0;
  // Ways in which at most `left + 1` of the values are below the median, out of 2 ** length.
  let combinations = length;
  let ways = 1 + combinations;
  while (2 * ways <= 0.05 * 2 ** length) {
    left += 1;
    combinations *= (length - left) / (left + 1);
    ways += combinations;
  }
  return [sorted[left] ?? Number.NaN, sorted[length - 1 - left] ?? Number.NaN];
}
