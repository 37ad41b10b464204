import { hash, randomBytes } from 'node:crypto';
import type { Config } from '../config/load-config.ts';

/** Returns the hash of a secret, as `factor_changes` stores it. 256 bits need no slow hash. */
export const factorSecretHash = (secret: string): string => hash('sha256', secret, 'base64url');

/**
 * Creates a secret of 256 bits that undoes a first enrolment or cancels a reset, as the URL of a page,
 * and its hash. It is the fragment of the URL, like that of a change of the address.
 */
export function createFactorSecret({ publicUrl }: Pick<Config, 'publicUrl'>) {
  const secret = randomBytes(32).toString('base64url');
  return { undoUrl: `${publicUrl}/factors/undo#${secret}`, hash: factorSecretHash(secret) };
}
