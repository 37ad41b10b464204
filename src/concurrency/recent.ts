import { LRUCache } from 'lru-cache';

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

/** Remembers keys for some time. When it is full, a new key replaces the least recently used one. */
export class RecentKeys {
  readonly #until: LRUCache<string, number>;
  readonly #lifetime: number;

  /** @param lifetime milliseconds */
  constructor(max: number, lifetime: number) {
    this.#until = new LRUCache({ max });
    this.#lifetime = lifetime;
  }

  has(key: string, now: Date): boolean {
    return (this.#until.get(key) ?? 0) > now.getTime();
  }

  add(key: string, now: Date): void {
    this.#until.set(key, now.getTime() + this.#lifetime);
  }
}

/** Runs `work` at an interval in milliseconds. @returns a function that stops it */
export function repeat(interval: number, work: () => unknown): () => void {
  const timer = setInterval(work, interval);
  return () => clearInterval(timer);
}
