import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { ConfigError } from '../config.ts';
import type { Sealer, SigningKeyPair } from '../ports.ts';
import { SigningKey } from './signing-key.entity.ts';

/** Any number, as long as it stays: whoever makes the first key holds this advisory lock. */
const KEY_LOCK = 0x6b65_7973;

const label = (kid: string) => `signing key ${kid}`;

/**
 * The key pair that signs access tokens: the one in PostgreSQL, or the one that `generate` makes
 * when there is none yet. However many processes start at once, they get the same.
 *
 * @throws ConfigError when the secret of the service is not the one that sealed the key
 */
export async function ensureSigningKey(
  em: SqlEntityManager,
  sealer: Sealer,
  now: Date,
  generate: () => Promise<SigningKeyPair>,
): Promise<SigningKeyPair> {
  const stored = await newest(em);
  if (stored) return unseal(sealer, stored);
  return em.transactional(async (tx) => {
    await tx.execute('select pg_advisory_xact_lock(?)', [KEY_LOCK]);
    const made = await newest(tx);
    if (made) return unseal(sealer, made);
    const pair = await generate();
    tx.create(SigningKey, {
      kid: pair.kid,
      publicJwk: pair.publicJwk,
      sealedPrivateJwk: await sealer.seal(label(pair.kid), JSON.stringify(pair.privateJwk)),
      createdAt: now,
    });
    return pair;
  });
}

async function newest(em: SqlEntityManager): Promise<SigningKey | undefined> {
  const [key] = await em.find(SigningKey, {}, { orderBy: { createdAt: 'desc' }, limit: 1 });
  return key;
}

async function unseal(sealer: Sealer, key: SigningKey): Promise<SigningKeyPair> {
  const { kid, publicJwk, sealedPrivateJwk } = key;
  try {
    const privateJwk = JSON.parse(await sealer.open(label(kid), sealedPrivateJwk));
    return { kid, publicJwk, privateJwk };
  } catch (cause) {
    throw new ConfigError(
      'SECRET_KEY must be the one that sealed the keys of this database, ' +
        'or that one must be in SECRET_KEY_PREVIOUS',
      { cause },
    );
  }
}
