import type { Config } from '../config/load-config.ts';
import { daysBefore } from '../ports/clock.ts';
import { type TokenAlgorithm, tokenAlgorithms } from '../ports/tokens.ts';
import { addKeyIf, type KeyServices, newestKeys } from './add-key.ts';
import { SigningKey } from './signing-key.entity.ts';

/**
 * Makes the next key, by default with the newest's algorithm. Returns the waiting key if there
 * already is one.
 */
export function rotateKey(services: KeyServices, alg?: TokenAlgorithm) {
  const now = services.clock.now();
  return addKeyIf(services, alg ?? tokenAlgorithms[0], ({ signsFrom, publicJwk }) =>
    signsFrom <= now ? (alg ?? publicJwk.alg) : undefined,
  );
}

/** Makes the next key once the newest one has signed for `KEY_ROTATION_DAYS`. @returns its `kid` */
export async function rotateDueKey(
  services: KeyServices,
  { keyRotationDays }: Pick<Config, 'keyRotationDays'>,
): Promise<string | undefined> {
  if (keyRotationDays === 0) return undefined;
  const now = services.clock.now();
  const dueAlgorithm = ({ signsFrom, publicJwk }: SigningKey) =>
    signsFrom <= daysBefore(now, keyRotationDays) ? publicJwk.alg : undefined;
  const [newest] = await newestKeys(services.em);
  // Only a server makes the first key: it checks the secret at its start.
  const alg = newest && dueAlgorithm(newest);
  if (!alg) return undefined;
  const { key, isNew } = await addKeyIf(services, alg, dueAlgorithm);
  return isNew ? key.kid : undefined;
}

/** Erases private keys a day after their last use, and deletes keys after two days. */
export async function deleteRetiredKeys(em: KeyServices['em'], now: Date) {
  const isRetired = { verifiesUntil: { $lte: daysBefore(now, 1) } };
  await em.nativeUpdate(SigningKey, isRetired, { sealedPrivateJwk: null });
  const statement = 'delete from signing_keys where least(dropped_at, verifies_until) <= ?';
  await em.execute(statement, [daysBefore(now, 2)]);
}
