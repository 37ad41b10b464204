export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (low + high) / 2;
}

/** Returns the width of the middle half of the values / their median. */
export function spread(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const outside = Math.floor(sorted.length / 4);
  const middleHalf = sorted.slice(outside, sorted.length - outside);
  return (Math.max(...middleHalf) - Math.min(...middleHalf)) / median(values);
}
