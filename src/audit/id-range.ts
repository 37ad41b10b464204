/** The largest time that a UUIDv7 holds, in milliseconds. */
const LAST_MOMENT = 2 ** 48 - 1;

/**
 * The first and the last UUIDv7 (RFC 9562 §5.7) of a millisecond. An event's time is that of its
 * id, so that a range of times is a range of ids, and one index serves both.
 */
export function idsAt(milliseconds: number): { first: string; last: string } {
  const within = Math.min(Math.max(milliseconds, 0), LAST_MOMENT);
  const time = within.toString(16).padStart(12, '0');
  const start = `${time.slice(0, 8)}-${time.slice(8)}`;
  return {
    first: `${start}-7000-8000-000000000000`,
    last: `${start}-7fff-bfff-ffffffffffff`,
  };
}
