import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Log } from '../ports/logger.ts';
import type { Passwords } from '../ports/password-hasher.ts';
import { type Argon2Parameters, loadArgon2, phcPrefix } from './argon2-library.ts';
import { HashChecks, type NextHash } from './hash-checks.ts';
import { lowerHashPriority } from './hash-priority.ts';
import { Hashing } from './hashing.ts';

/** OWASP Password Storage's second choice; ASVS 5.0 appendix C. */
export const argon2Parameters: Argon2Parameters = {
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

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
    reserve: (known) => hashing.reserve(known),
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
