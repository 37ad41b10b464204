/** Attempts after which an entry that fails because of its own content becomes a dead letter. */
export const MAX_ATTEMPTS = 10;

/**
 * Returns the seconds to wait after so many attempts: twice as long each time, up to `longest`. A
 * jitter of 25 % spreads retries of entries that failed together.
 */
export const pauseAfter = (attempts: number, longest: number): number =>
  Math.min(2 ** attempts, longest) * (0.75 + Math.random() / 2);

/** Returns codes such as `EENVELOPE 451`. Messages may contain addresses and values. */
export function codesOf(error: unknown): string {
  const { name, code, responseCode } = error as Error & { code?: unknown; responseCode?: unknown };
  return [code || name, responseCode].filter(Boolean).join(' ').slice(0, 64);
}
