/** Length of the intervals in ms, and their number. */
const periods = {
  hours: { length: 3_600_000, count: 24 },
  days: { length: 86_400_000, count: 30 },
};

export type TallyPeriod = keyof typeof periods;

/** Number of events after which counting stops, per event and interval. */
export const MOST_TALLIED = 10_000;

/** Returns when the intervals start, in Unix ms, and their length. The last one contains `now`. */
export function tallyIntervals(period: TallyPeriod, now: number) {
  const { length, count } = periods[period];
  const end = Math.floor(now / length + 1) * length;
  return { length, starts: Array.from({ length: count }, (_, i) => end - (count - i) * length) };
}
