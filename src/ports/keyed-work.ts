/** Runs work with the same key one after the other. */
export interface KeyedMutex {
  /** @throws OverloadedError if the work could not begin in time */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}
