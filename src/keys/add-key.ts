import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Sealer } from '../ports.ts';
import { ACCESS_LIFETIME, CLOCK_LEEWAY, JWKS_MAX_AGE } from '../token-ports.ts';
import { makeKeyPair, openPrivateKey } from './private-key.ts';
import { SigningKey } from './signing-key.entity.ts';

/** Any number, as long as it stays: whoever makes a key holds this advisory lock. */
const KEY_LOCK = 0x6b65_7973;

/** A key, and whether it was made by the call that returns it. */
export interface Addition {
  readonly key: SigningKey;
  readonly isNew: boolean;
}

/**
 * Makes the next key if the newest, or that there is none, calls for it. It signs once everybody
 * may know it; the first signs at once. However many ask at the same time, one makes it.
 *
 * @throws ConfigError when the secret of the service is not the one that sealed the newest
 */
export function addKeyIf(
  em: SqlEntityManager,
  sealer: Sealer,
  now: Date,
  isWanted: (newest: SigningKey | undefined) => boolean,
): Promise<Addition> {
  return lockKeys(em, async (tx) => {
    const [newest] = await newestKeys(tx);
    if (newest && !isWanted(newest)) return { key: newest, isNew: false };
    // A secret that could not open this key is not that of the servers, which are to sign with it.
    if (newest) await openPrivateKey(sealer, newest);
    const signsFrom = newest ? after(now, JWKS_MAX_AGE) : now;
    return { key: await addKey(tx, sealer, now, signsFrom), isNew: true };
  });
}

/** Makes a key that signs at once, and drops all others: from now on their tokens are refused. */
export function replaceKeys(em: SqlEntityManager, sealer: Sealer, now: Date): Promise<SigningKey> {
  return lockKeys(em, async (tx) => {
    const dropped = { droppedAt: now, sealedPrivateJwk: null };
    await tx.nativeUpdate(SigningKey, { droppedAt: null }, dropped);
    return addKey(tx, sealer, now, now);
  });
}

/** The key that signs, and before it the one that waits to, if any: at most two. */
export function newestKeys(em: SqlEntityManager): Promise<SigningKey[]> {
  return em.find(SigningKey, { droppedAt: null }, { orderBy: { signsFrom: 'desc' }, limit: 2 });
}

function lockKeys<T>(em: SqlEntityManager, work: (tx: SqlEntityManager) => Promise<T>): Promise<T> {
  return em.transactional(async (tx) => {
    await tx.execute('select pg_advisory_xact_lock(?)', [KEY_LOCK]);
    return work(tx);
  });
}

async function addKey(tx: SqlEntityManager, sealer: Sealer, now: Date, signsFrom: Date) {
  const verifiesUntil = after(signsFrom, ACCESS_LIFETIME + CLOCK_LEEWAY);
  await tx.nativeUpdate(SigningKey, { verifiesUntil: null, droppedAt: null }, { verifiesUntil });
  return tx.create(SigningKey, { ...(await makeKeyPair(sealer)), createdAt: now, signsFrom });
}

const after = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1000);
