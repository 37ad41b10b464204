/** Seconds. */
const FIRST_PAUSE = 2;

/**
 * Seconds to wait after so many tries: twice as long each time, up to `longest`; a quarter more or
 * less, so that what failed together is not tried again together.
 */
export function pauseAfter(attempts: number, longest: number): number {
  const pause = Math.min(FIRST_PAUSE * 2 ** (attempts - 1), longest);
  return pause * (0.75 + Math.random() / 2);
}

/** Tries after which an entry is set aside that can never be done, as far as one can tell. */
export const MOST_TRIES_OF_POISON = 10;

/** What went wrong, in codes such as `EENVELOPE 451`: messages may hold addresses and values. */
export function codesOf(error: unknown): string {
  const { name, code, responseCode } = error as Error & { code?: unknown; responseCode?: unknown };
  return [code || name, responseCode].filter(Boolean).join(' ').slice(0, 64);
}
