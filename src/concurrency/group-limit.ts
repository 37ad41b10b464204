/**
 * Limits concurrent work to `most`. Starts more once at most `few` run, so that work starts in groups,
 * which can share a statement.
 */
export class GroupLimit {
  readonly most: number;
  readonly #few: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ most, few }: { readonly most: number; readonly few: number }) {
    this.most = most;
    this.#few = few;
  }

  get running(): number {
    return this.#running;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    this.#start();
    await promise;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#start();
    }
  }

  #start(): void {
    if (this.#running > this.#few) return;
    for (const start of this.#waiting.splice(0, this.most - this.#running)) {
      this.#running += 1;
      start();
    }
  }
}
