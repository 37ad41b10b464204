import pLimit, { type LimitFunction } from 'p-limit';
import { OverloadedError } from '../errors/overloaded.ts';
import type { HashPlace, HashQueue } from '../ports/password-hasher.ts';
import type { Argon2, Argon2Parameters } from './argon2-library.ts';

/**
 * Milliseconds during which hashes that have ended wait for the next ones, as long as others wait for
 * their turn. A hash takes 19 MiB through the caches of its core. The work that follows is faster if
 * it follows several hashes at once. Other requests wait longer behind larger groups.
 */
const GROUP_TIME = 25;

/** Seconds of queued work. Reserves the last places for known clients. */
const MAX_WAIT = { known: 2, unknown: 1.5 };

/** The queue of hashes of a process, and the groups in which they end. */
export class Hashing {
  readonly #limit: LimitFunction;
  /** Duration of a hash: first an estimate, then a moving average. */
  #seconds = 0.05;
  #reserved = 0;
  #refused = 0;
  /** Resolve the promises of hashes that have ended and wait for their group. */
  readonly #group: (() => void)[] = [];
  #groupBegan = 0;
  /** Transactions that have the turn of a hash. No group waits for them. */
  #transactions = 0;

  readonly hash: (password: string | Buffer) => Promise<string>;

  constructor(concurrency: number, argon2: Argon2, parameters: Argon2Parameters) {
    this.#limit = pLimit(concurrency);
    this.hash = (password) => this.time(() => argon2.hash(password, parameters));
  }

  get queue(): HashQueue {
    const { concurrency, activeCount: running, pendingCount: waiting } = this.#limit;
    const capacity = Math.ceil((MAX_WAIT.known * concurrency) / this.#seconds);
    return { capacity, reserved: this.#reserved, running, waiting, refused: this.#refused };
  }

  async time<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await work();
    this.#seconds += ((performance.now() - began) / 1000 - this.#seconds) / 8;
    return result;
  }

  /** Runs work in its turn. The promise resolves together with those of its group. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#limit(work);
    } finally {
      await this.#joinGroup();
    }
  }

  #joinGroup(): Promise<void> {
    const now = performance.now();
    if (this.#group.length === 0) this.#groupBegan = now;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#group.push(resolve);
    const isLast = this.#limit.pendingCount === 0 || this.#transactions > 0;
    if (isLast || now - this.#groupBegan >= GROUP_TIME) this.#endGroup();
    return promise;
  }

  #endGroup(): void {
    for (const proceed of this.#group.splice(0)) proceed();
  }

  reserve(known: boolean): HashPlace {
    const wait = (this.#reserved * this.#seconds) / this.#limit.concurrency;
    if (wait >= (known ? MAX_WAIT.known : MAX_WAIT.unknown)) {
      this.#refused += 1;
      throw new OverloadedError(MAX_WAIT.known);
    }
    this.#reserved += 1;
    const end = Promise.withResolvers<void>();
    return {
      start: async () => {
        const turn = Promise.withResolvers<void>();
        void this.run(() => {
          this.#transactions += 1;
          this.#endGroup();
          turn.resolve();
          return end.promise.finally(() => (this.#transactions -= 1));
        });
        await turn.promise;
        return this.hash;
      },
      [Symbol.dispose]: () => {
        this.#reserved -= 1;
        end.resolve();
      },
    };
  }
}
