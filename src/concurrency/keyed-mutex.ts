import { OverloadedError } from '../errors/overloaded.ts';

/** Milliseconds that work may wait for its turn. */
const MAX_WAIT = 2000;

/** Runs work with the same key one after the other, within this process. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @throws OverloadedError if the work could not begin in time */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queuedAt = performance.now();
    const result = (this.#last.get(key) ?? Promise.resolve()).then(() => {
      if (performance.now() - queuedAt > MAX_WAIT) throw new OverloadedError(1);
      return work();
    });
    const settled = result
      .catch(() => undefined)
      .then(() => {
        if (this.#last.get(key) === settled) this.#last.delete(key);
      });
    this.#last.set(key, settled);
    return result;
  }
}
