import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Sql, Statement } from '../ports/sql.ts';
import type { SealedKey } from '../ports/tokens.ts';

/**
 * SQL that selects the current signing key: the newest one that may sign at a time. On a process
 * with a slow clock none may be valid yet; it then uses the next key. PostgreSQL selects the key, so
 * that all processes agree.
 */
export const currentKey = (now: string) => `select kid, public_jwk->>'alg' as alg,
    sealed_private_jwk as "sealedPrivateJwk"
  from signing_keys
  where dropped_at is null and sealed_private_jwk is not null
  order by signs_from > ${now}, abs(extract(epoch from signs_from - ${now}::timestamptz)) limit 1`;

/** Reads the current signing key. */
export async function currentKeyAt(em: SqlEntityManager, now: Date): Promise<SealedKey> {
  const [key] = await em.execute<SealedKey[]>(currentKey('?'), [now, now]);
  return requireKey(key);
}

const keyAge: Statement<{ age: number }> = {
  name: 'key-age',
  text: `select greatest(extract(epoch from $1::timestamptz - signs_from), 0)::float8 as age
    from signing_keys where kid = (select kid from (${currentKey('$1')}) k)`,
};

/** Returns for how many seconds the current signing key has signed; undefined without a key. */
export async function readKeyAge(sql: Sql, now: Date): Promise<number | undefined> {
  const [key] = await sql.query(keyAge, [now]);
  return key?.age;
}

/** Returns the key of a row. @throws if the row has none */
export function requireKey(row: SealedKey | undefined): SealedKey {
  if (!row?.kid)
    throw new Error('The database has no signing key. Start a server once to create it.');
  const { kid, alg, sealedPrivateJwk } = row;
  return { kid, alg, sealedPrivateJwk };
}
