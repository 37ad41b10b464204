import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import pLimit, { type LimitFunction } from 'p-limit';
import { OverloadedError } from '../errors/overloaded.ts';
import type { Log } from '../ports/logger.ts';
import type { HashPlace, HashQueue, Passwords } from '../ports/password-hasher.ts';
import { type Argon2, type Argon2Parameters, loadArgon2, phcPrefix } from './argon2-library.ts';
import { HashChecks, type NextHash } from './hash-checks.ts';
import { lowerHashPriority } from './hash-priority.ts';

/** OWASP Password Storage's second choice; ASVS 5.0 appendix C. */
export const argon2Parameters: Argon2Parameters = {
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/**
 * Milliseconds during which hashes that have ended wait for the next ones, as long as others wait for
 * their turn. A hash takes 19 MiB through the caches of its core. The work that follows is faster if
 * it follows several hashes at once.
 */
const GROUP_TIME = 50;

/** Seconds of queued work. Reserves the last places for known clients. */
const MAX_WAIT = { known: 2, unknown: 1.5 };

/** Passwords, and the measurement of hashes of other kinds that accounts have. */
export interface MeasuredPasswords extends Passwords {
  /** Measures the kinds that it has not met. Failed checks take as long as the slowest from then on. */
  measure(next: NextHash): Promise<void>;
}

/** Runs at most one hash per core, and leaves one of libuv's threads for DNS, files and signatures. */
export async function createPasswords(
  threads: number,
  log: Log,
  parameters: Argon2Parameters = argon2Parameters,
): Promise<MeasuredPasswords> {
  const argon2 = await loadArgon2(log);
  const concurrency = Math.max(1, Math.min(availableParallelism(), threads - 1));
  const hashing = new Hashing(concurrency, argon2, parameters);
  const decoy = await hashing.hash(randomBytes(32));
  await lowerHashPriority();
  const isCurrent = (stored: string) => inOrder(stored).startsWith(phcPrefix(parameters));
  const checks = new HashChecks({ argon2, decoy, isCurrent, log });
  const hash = (password: string) => hashing.run(() => hashing.hash(password));
  return {
    queue: () => hashing.queue,
    reserve: (known) => hashing.reserve(known ? MAX_WAIT.known : MAX_WAIT.unknown),
    hash,
    async verify(stored, password) {
      let began = 0;
      const matches = await hashing.run(() => {
        began = performance.now();
        return hashing.time(() => checks.compare(stored, password));
      });
      if (!matches) await checks.waitSince(began);
      return matches;
    },
    renew: async (stored, password) => (isCurrent(stored) ? inOrder(stored) : hash(password)),
    measure: (next) => checks.measure(next, (work) => hashing.run(work)),
  };
}

/** Puts the parameters of a hash in order. Release 0.2 wrote `m`, `p`, `t`. */
const inOrder = (stored: string): string =>
  stored.replace(/\$(m=\d+),(p=\d+),(t=\d+)\$/, '$$$1,$3,$2$$');

class Hashing {
  readonly limit: LimitFunction;
  /** Duration of a hash: first an estimate, then a moving average. */
  #seconds = 0.05;
  #reserved = 0;
  #refused = 0;
  /** Continue what follows the hashes of the current group. */
  readonly #group: (() => void)[] = [];
  #groupBegan = 0;
  /** Transactions that have the turn of a hash. No group waits for them. */
  #transactions = 0;

  readonly hash: (password: string | Buffer) => Promise<string>;

  constructor(concurrency: number, argon2: Argon2, parameters: Argon2Parameters) {
    this.limit = pLimit(concurrency);
    this.hash = (password) => this.time(() => argon2.hash(password, parameters));
  }

  get queue(): HashQueue {
    const { concurrency, activeCount: running, pendingCount: waiting } = this.limit;
    const capacity = Math.ceil((MAX_WAIT.known * concurrency) / this.#seconds);
    return { capacity, reserved: this.#reserved, running, waiting, refused: this.#refused };
  }

  async time<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await work();
    this.#seconds += ((performance.now() - began) / 1000 - this.#seconds) / 8;
    return result;
  }

  /** Runs work in its turn. Ends with its group. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.limit(work);
    } finally {
      await this.#joinGroup();
    }
  }

  #joinGroup(): Promise<void> {
    const now = performance.now();
    if (this.#group.length === 0) this.#groupBegan = now;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#group.push(resolve);
    const isLast = this.limit.pendingCount === 0 || this.#transactions > 0;
    if (isLast || now - this.#groupBegan >= GROUP_TIME) this.#endGroup();
    return promise;
  }

  #endGroup(): void {
    for (const proceed of this.#group.splice(0)) proceed();
  }

  reserve(maxWait: number): HashPlace {
    const wait = (this.#reserved * this.#seconds) / this.limit.concurrency;
    if (wait >= maxWait) {
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
