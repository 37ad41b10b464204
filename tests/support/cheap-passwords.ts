import { argon2id, hash } from 'argon2';
import type { Passwords } from '#src/ports/password-hasher.ts';

/** Parameters that cost a thirtieth of those of production. Memory in KiB. */
const cheap = { type: argon2id, memoryCost: 1024, timeCost: 1, parallelism: 1 } as const;

/** The hashing of production with weak parameters, for tests that are not about its cost. */
export async function withCheapHashes(passwords: Passwords): Promise<Passwords> {
  const decoy = await hash('no password', cheap);
  return {
    ...passwords,
    hash: (password) => hash(password, cheap),
    async verify(stored, password) {
      return (await passwords.verify(stored ?? decoy, password)) && stored !== null;
    },
    needsRehash: () => false,
  };
}
