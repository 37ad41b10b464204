import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { SealedKey } from '../ports/tokens.ts';

/**
 * The key that signs at this moment: the newest whose time has come. Asked of PostgreSQL each time,
 * so that all processes agree. A clock that is behind may see none; then it is the next.
 */
export async function currentKeyAt(em: SqlEntityManager, now: Date): Promise<SealedKey> {
  const [signingKey] = await em.execute<SealedKey[]>(
    `select kid, public_jwk->>'alg' as alg, sealed_private_jwk as "sealedPrivateJwk"
     from signing_keys
     where dropped_at is null and sealed_private_jwk is not null
     order by signs_from > ?, abs(extract(epoch from signs_from - ?::timestamptz)) limit 1`,
    [now, now],
  );
  if (!signingKey) throw new Error('there is no signing key: the start of a server makes one');
  return signingKey;
}
