import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { argon2id, hash, needsRehash, verify } from 'argon2';
import pLimit, { type LimitFunction } from 'p-limit';
import { OverloadedError } from '../errors/overloaded.ts';
import type { HashPlace, Passwords } from '../ports/password-hasher.ts';

/** Parameters of argon2id. Memory in KiB. */
interface Argon2Parameters {
  readonly type: typeof argon2id;
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
  readonly hashLength: number;
}

/** OWASP Password Storage's second choice; ASVS 5.0 appendix C. */
export const argon2Parameters: Argon2Parameters = {
  type: argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  hashLength: 32,
};

/** Seconds of queued work. Reserves the last places for known clients. */
const MAX_WAIT = { known: 2, unknown: 1.5 };

/** Runs at most one hash per core, and leaves one of libuv's threads for DNS, files and signatures. */
export async function createPasswords(
  threads: number,
  parameters: Argon2Parameters = argon2Parameters,
): Promise<Passwords> {
  const hashing = new Hashing(
    Math.max(1, Math.min(availableParallelism(), threads - 1)),
    parameters,
  );
  const decoy = await hashing.hash(randomBytes(32));
  return {
    reserve: (known) => hashing.reserve(known ? MAX_WAIT.known : MAX_WAIT.unknown),
    hash: (password) => hashing.limit(() => hashing.hash(password)),
    async verify(stored, password) {
      const work = () => verify(stored ?? decoy, password);
      const matches = await hashing.limit(() => hashing.time(work));
      return matches && stored !== null;
    },
    needsRehash: (stored) => needsRehash(stored, parameters),
  };
}

class Hashing {
  readonly limit: LimitFunction;
  /** Duration of a hash: first an estimate, then a moving average. */
  #seconds = 0.05;
  #reserved = 0;

  readonly #parameters: Argon2Parameters;

  constructor(concurrency: number, parameters: Argon2Parameters) {
    this.limit = pLimit(concurrency);
    this.#parameters = parameters;
  }

  readonly hash = (password: string | Buffer) => this.time(() => hash(password, this.#parameters));

  async time<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await work();
    this.#seconds += ((performance.now() - began) / 1000 - this.#seconds) / 8;
    return result;
  }

  reserve(maxWait: number): HashPlace {
    const wait = (this.#reserved * this.#seconds) / this.limit.concurrency;
    if (wait >= maxWait) throw new OverloadedError(MAX_WAIT.known);
    this.#reserved += 1;
    const end = Promise.withResolvers<void>();
    return {
      start: async () => {
        const turn = Promise.withResolvers<void>();
        void this.limit(() => {
          turn.resolve();
          return end.promise;
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
