import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/sealer.ts';
import {
  ACCESS_LIFETIME,
  CLOCK_LEEWAY,
  JWKS_MAX_AGE,
  type TokenAlgorithm,
  tokenAlgorithms,
} from '../ports/tokens.ts';
import { makeKeyPair, openPrivateKey } from './private-key.ts';
import { SigningKey } from './signing-key.entity.ts';

/** Number of the advisory lock for adding keys. Must never change. */
const KEY_LOCK = 0x6b65_7973;

/** Services for changes of the signing keys. */
export interface KeyServices {
  readonly em: SqlEntityManager;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * Creates the first key, which signs immediately. If a key exists and `next` returns an algorithm,
 * creates the next key, which signs once all verifiers can have loaded it. Concurrent calls create
 * only one key.
 *
 * @throws ConfigError if `SECRET_KEY` cannot decrypt the newest key
 */
export function addKeyIf(
  services: KeyServices,
  first: TokenAlgorithm,
  next: (newest: SigningKey) => TokenAlgorithm | undefined,
) {
  return lockKeys(services, async (tx) => {
    const [newest] = await newestKeys(tx.em);
    if (!newest) return { key: await addKey(tx, first), isNew: true };
    const alg = next(newest);
    if (!alg) return { key: newest, isNew: false };
    // Checks that this process encrypts with the same secret as the servers.
    openPrivateKey(tx.sealer, newest);
    return { key: await addKey(tx, alg, JWKS_MAX_AGE), isNew: true };
  });
}

/** Makes a key that signs immediately. Drops all others, so that their tokens are rejected. */
export function replaceKeys(services: KeyServices, alg?: TokenAlgorithm) {
  return lockKeys(services, async (tx) => {
    const [newest] = await newestKeys(tx.em);
    const dropped = { droppedAt: tx.clock.now(), sealedPrivateJwk: null };
    await tx.em.nativeUpdate(SigningKey, { droppedAt: null }, dropped);
    return addKey(tx, alg ?? newest?.publicJwk.alg ?? tokenAlgorithms[0]);
  });
}

/** Returns the newest keys, at most two: one that waits to sign, if any, and the current one. */
export function newestKeys(em: SqlEntityManager): Promise<SigningKey[]> {
  return em.find(SigningKey, { droppedAt: null }, { orderBy: { signsFrom: 'desc' }, limit: 2 });
}

function lockKeys<T>(services: KeyServices, work: (tx: KeyServices) => Promise<T>): Promise<T> {
  return services.em.transactional(async (em) => {
    await em.execute('select pg_advisory_xact_lock(?)', [KEY_LOCK]);
    return work({ ...services, em });
  });
}

/** Adds a key that signs after `wait` seconds. */
async function addKey({ em, sealer, clock }: KeyServices, alg: TokenAlgorithm, wait = 0) {
  const createdAt = clock.now();
  const signsFrom = after(createdAt, wait);
  const verifiesUntil = after(signsFrom, ACCESS_LIFETIME + CLOCK_LEEWAY);
  await em.nativeUpdate(SigningKey, { verifiesUntil: null, droppedAt: null }, { verifiesUntil });
  return em.create(SigningKey, { ...(await makeKeyPair(sealer, alg)), createdAt, signsFrom });
}

const after = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1000);
