import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { SealedKey } from '../ports/tokens.ts';

/**
 * Returns the current signing key: the newest one that may sign now. On a process with a slow clock
 * none may be valid yet; it then uses the next key. PostgreSQL selects the key, so that all
 * processes agree.
 */
export async function currentKeyAt(em: SqlEntityManager, now: Date): Promise<SealedKey> {
  const [key] = await em.execute<SealedKey[]>(
    `select kid, public_jwk->>'alg' as alg, sealed_private_jwk as "sealedPrivateJwk"
     from signing_keys
     where dropped_at is null and sealed_private_jwk is not null
     order by signs_from > ?, abs(extract(epoch from signs_from - ?::timestamptz)) limit 1`,
    [now, now],
  );
  if (!key) throw new Error('The database has no signing key. Start a server once to create it.');
  return key;
}
