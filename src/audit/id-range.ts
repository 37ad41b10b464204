/** The time and version of a UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds come first. */
const LAST = 2 ** 48 - 1;

const idAt = (milliseconds: number, rest: string): string => {
  const time = Math.min(Math.max(milliseconds, 0), LAST).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest}`;
};

/**
 * Returns the first and last UUIDv7 of a millisecond. The time of an event is that of its id, so one
 * index serves ranges of times and of ids.
 */
export const idsAt = (milliseconds: number) => ({
  first: idAt(milliseconds, '7000-8000-000000000000'),
  last: idAt(milliseconds, '7fff-bfff-ffffffffffff'),
});

/** Returns the smallest UUID, of any version, that begins with a time. Partitions begin with it. */
export const smallestIdAt = (milliseconds: number): string =>
  idAt(milliseconds, '0000-0000-000000000000');

/** Returns the time that a UUID begins with, in Unix milliseconds. */
export const timeOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);
