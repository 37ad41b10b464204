import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { argon2id, hash, needsRehash, verify } from 'argon2';
import pLimit from 'p-limit';
import { OverloadedError } from '../errors/overloaded.ts';
import type { Passwords } from '../ports/password-hasher.ts';

/** OWASP Password Storage's second choice; ASVS 5.0 appendix C. Memory in KiB. */
const parameters = {
  type: argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  hashLength: 32,
} as const;

/** Seconds of work that may wait; reserves the last places for known clients. */
const MAX_WAIT = { known: 2, unknown: 1.5 };

/**
 * Password hashing with at most one hash per core at a time, and one thread of libuv's pool always
 * left: DNS, files and signatures need it too.
 *
 * @param threads how many the pool has
 */
export async function createPasswords(threads: number): Promise<Passwords> {
  const atOnce = Math.max(1, Math.min(availableParallelism(), threads - 1));
  const inTurn = pLimit(atOnce);
  /** What a hash takes: a guess at first, then the mean of the latest. */
  let seconds = 0.05;
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    seconds += ((performance.now() - began) / 1000 - seconds) / 8;
    return result;
  };
  const hashNow = (password: string | Buffer) => timed(() => hash(password, parameters));
  const decoy = await hashNow(randomBytes(32));
  let taken = 0;
  return {
    reserve(known) {
      const longest = known ? MAX_WAIT.known : MAX_WAIT.unknown;
      // What waits and what runs, each as long as the latest ones took.
      if ((taken * seconds) / atOnce >= longest) throw new OverloadedError(MAX_WAIT.known);
      taken += 1;
      const end = Promise.withResolvers<void>();
      return {
        async start() {
          const turn = Promise.withResolvers<void>();
          void inTurn(() => {
            turn.resolve();
            return end.promise;
          });
          await turn.promise;
          return hashNow;
        },
        [Symbol.dispose]() {
          taken -= 1;
          end.resolve();
        },
      };
    },
    hash: (password) => inTurn(() => hashNow(password)),
    async verify(stored, password) {
      const matches = await inTurn(() => timed(() => verify(stored ?? decoy, password)));
      return matches && stored !== null;
    },
    needsRehash: (stored) => needsRehash(stored, parameters),
  };
}
