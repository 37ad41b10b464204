import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Config } from '../config/load-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/sealer.ts';
import { type TokenAlgorithm, tokenAlgorithms } from '../ports/tokens.ts';
import { type Addition, addKeyIf, newestKeys } from './add-key.ts';
import { SigningKey } from './signing-key.entity.ts';

/** Milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/**
 * Makes the next key. If one is already waiting, returns that one.
 *
 * @param alg its algorithm; by default that of the newest key
 */
export function rotateKey(
  em: SqlEntityManager,
  sealer: Sealer,
  clock: Clock,
  alg?: TokenAlgorithm,
): Promise<Addition> {
  const now = clock.now();
  return addKeyIf(em, sealer, now, alg ?? tokenAlgorithms[0], ({ signsFrom, publicJwk }) =>
    signsFrom <= now ? (alg ?? publicJwk.alg) : undefined,
  );
}

/**
 * Makes the next key, with the algorithm of the newest, once that one has signed for
 * `KEY_ROTATION_DAYS`. Safe to call at any time, by any number of processes.
 *
 * @returns the new key's `kid`; undefined if none was due
 */
export async function rotateDueKey(
  em: SqlEntityManager,
  sealer: Sealer,
  clock: Clock,
  { keyRotationDays }: Pick<Config, 'keyRotationDays'>,
): Promise<string | undefined> {
  if (keyRotationDays === 0) return undefined;
  const now = clock.now();
  const due = new Date(now.getTime() - keyRotationDays * DAY);
  const dueAlgorithm = ({ signsFrom, publicJwk }: SigningKey) =>
    signsFrom <= due ? publicJwk.alg : undefined;
  const [newest] = await newestKeys(em);
  // The server makes the first key: it refuses to start with a wrong secret.
  const alg = newest && dueAlgorithm(newest);
  if (!alg) return undefined;
  const { key, isNew } = await addKeyIf(em, sealer, now, alg, dueAlgorithm);
  return isNew ? key.kid : undefined;
}

/**
 * Erases private halves that were of no use for a day, and deletes keys that were of none for two:
 * a clock that is wrong by hours does no harm.
 */
export async function deleteRetiredKeys(em: SqlEntityManager, clock: Clock): Promise<void> {
  const ago = (days: number) => new Date(clock.now().getTime() - days * DAY);
  await em.nativeUpdate(
    SigningKey,
    { verifiesUntil: { $lte: ago(1) } },
    { sealedPrivateJwk: null },
  );
  await em.execute('delete from signing_keys where least(dropped_at, verifies_until) <= ?', [
    ago(2),
  ]);
}
