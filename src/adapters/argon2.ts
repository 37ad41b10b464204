import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { argon2id, hash, needsRehash, verify } from 'argon2';
import pLimit from 'p-limit';
import type { Passwords } from '../ports.ts';

/** OWASP Password Storage's second choice; ASVS 5.0 appendix C. Memory in KiB. */
const parameters = {
  type: argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  hashLength: 32,
} as const;

/**
 * Password hashing with at most one hash per core at a time: libuv's thread pool, which DNS and
 * files need too, must never be full of hashes.
 */
export async function createPasswords(): Promise<Passwords> {
  const inTurn = pLimit(availableParallelism());
  const decoy = await hash(randomBytes(32), parameters);
  return {
    hash: (password) => inTurn(() => hash(password, parameters)),
    async verify(stored, password) {
      const matches = await inTurn(() => verify(stored ?? decoy, password));
      return matches && stored !== null;
    },
    needsRehash: (stored) => needsRehash(stored, parameters),
  };
}
