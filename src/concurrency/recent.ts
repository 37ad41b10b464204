/** Milliseconds for which a result is shared, so that many requests cost a store one query. */
const FRESH = 100;

/**
 * Returns a function that shares one result of `ask` among all calls until some time after it
 * settles.
 *
 * @param fresh milliseconds
 */
export function shareRecent<T>(ask: () => Promise<T>, fresh = FRESH): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= ask().finally(() => {
      setTimeout(() => {
        result = undefined;
      }, fresh).unref();
    });
    return result;
  };
}

/** Runs `work` at an interval in milliseconds. @returns a function that stops it */
export function repeat(interval: number, work: () => unknown): () => void {
  const timer = setInterval(work, interval);
  return () => clearInterval(timer);
}
