import type { SqlEntityManager } from '@mikro-orm/postgresql';
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

/** A key, and whether this call has made it. */
export interface Addition {
  readonly key: SigningKey;
  readonly isNew: boolean;
}

/**
 * Makes the first key, which signs at once, or the next one if `next` returns its algorithm, which
 * signs once every verifier can know it. Concurrent calls make only one key.
 *
 * @throws ConfigError if `SECRET_KEY` is not the one that sealed the newest key
 */
export function addKeyIf(
  em: SqlEntityManager,
  sealer: Sealer,
  now: Date,
  first: TokenAlgorithm,
  next: (newest: SigningKey) => TokenAlgorithm | undefined,
): Promise<Addition> {
  return lockKeys(em, async (tx) => {
    const [newest] = await newestKeys(tx);
    if (!newest) return { key: await addKey(tx, sealer, first, now, now), isNew: true };
    const alg = next(newest);
    if (!alg) return { key: newest, isNew: false };
    // Servers could not open a key that another secret has sealed.
    await openPrivateKey(sealer, newest);
    return { key: await addKey(tx, sealer, alg, now, after(now, JWKS_MAX_AGE)), isNew: true };
  });
}

/** Makes a key that signs at once, and drops all others, so that their tokens are refused. */
export function replaceKeys(em: SqlEntityManager, sealer: Sealer, now: Date, alg?: TokenAlgorithm) {
  return lockKeys(em, async (tx) => {
    const [newest] = await newestKeys(tx);
    const dropped = { droppedAt: now, sealedPrivateJwk: null };
    await tx.nativeUpdate(SigningKey, { droppedAt: null }, dropped);
    return addKey(tx, sealer, alg ?? newest?.publicJwk.alg ?? tokenAlgorithms[0], now, now);
  });
}

/** Returns the newest keys, at most two: one that waits to sign, if any, and the current one. */
export function newestKeys(em: SqlEntityManager): Promise<SigningKey[]> {
  return em.find(SigningKey, { droppedAt: null }, { orderBy: { signsFrom: 'desc' }, limit: 2 });
}

function lockKeys<T>(em: SqlEntityManager, work: (tx: SqlEntityManager) => Promise<T>): Promise<T> {
  return em.transactional(async (tx) => {
    await tx.execute('select pg_advisory_xact_lock(?)', [KEY_LOCK]);
    return work(tx);
  });
}

async function addKey(
  tx: SqlEntityManager,
  sealer: Sealer,
  alg: TokenAlgorithm,
  now: Date,
  signsFrom: Date,
): Promise<SigningKey> {
  const verifiesUntil = after(signsFrom, ACCESS_LIFETIME + CLOCK_LEEWAY);
  await tx.nativeUpdate(SigningKey, { verifiesUntil: null, droppedAt: null }, { verifiesUntil });
  return tx.create(SigningKey, { ...(await makeKeyPair(sealer, alg)), createdAt: now, signsFrom });
}

const after = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1000);
