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

/** Lets calls with the same key that come during a run share that run and its result. */
export class SharedWork {
  readonly #running = new Map<string, Promise<unknown>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) as Promise<T> | undefined;
    if (running) return running;
    const started = work().finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }
}

/** Runs `work` at an interval in milliseconds. @returns a function that stops it */
export function repeat(interval: number, work: () => unknown): () => void {
  const timer = setInterval(work, interval);
  return () => clearInterval(timer);
}
