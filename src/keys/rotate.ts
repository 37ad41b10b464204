import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Config } from '../config.ts';
import type { Clock, Sealer } from '../ports.ts';
import { type Addition, addKeyIf } from './add-key.ts';
import { SigningKey } from './signing-key.entity.ts';

/** Milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** Makes the next key. Where one waits already, it is that one. */
export function rotateKey(em: SqlEntityManager, sealer: Sealer, clock: Clock): Promise<Addition> {
  const now = clock.now();
  return addKeyIf(em, sealer, now, (newest) => newest === undefined || newest.signsFrom <= now);
}

/**
 * Makes the next key once one has signed for `KEY_ROTATION_DAYS`. To be called now and then, by
 * any number of processes.
 *
 * @returns the new key's `kid`; undefined when none was due
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
  // The first key is the server's to make: it alone refuses to start with a wrong secret.
  const isDue = (newest: SigningKey | undefined) => newest !== undefined && newest.signsFrom <= due;
  const { key, isNew } = await addKeyIf(em, sealer, now, isDue);
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
