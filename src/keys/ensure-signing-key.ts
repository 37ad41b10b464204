import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Clock, Sealer } from '../ports.ts';
import { addKeyIf, newestKeys } from './add-key.ts';
import { openPrivateKey } from './private-key.ts';

/**
 * Makes the first key where there is none, and sees to it that this process could sign.
 *
 * @throws ConfigError when the secret of the service is not the one that sealed the keys
 */
export async function ensureSigningKey(
  em: SqlEntityManager,
  sealer: Sealer,
  clock: Clock,
): Promise<void> {
  await addKeyIf(em, sealer, clock.now(), (newest) => newest === undefined);
  await checkSecret(em, sealer);
}

/** @throws ConfigError when the secret of this process is not the one that sealed the keys */
export async function checkSecret(em: SqlEntityManager, sealer: Sealer): Promise<void> {
  for (const key of await newestKeys(em)) {
    if (key.sealedPrivateJwk) await openPrivateKey(sealer, key);
  }
}
