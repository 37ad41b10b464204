/** Milliseconds for which a result is shared, so that many requests cost a store one query. */
const FRESH = 100;

/**
 * Returns a function that shares one result of `ask` among all calls until 100 ms after it settles.
 */
export function shareRecent<T>(ask: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= ask().finally(() => {
      setTimeout(() => {
        result = undefined;
      }, FRESH).unref();
    });
    return result;
  };
}

/** Runs `work` at an interval in milliseconds. @returns a function that stops it */
export function repeat(interval: number, work: () => unknown): () => void {
  const timer = setInterval(work, interval);
  return () => clearInterval(timer);
}
