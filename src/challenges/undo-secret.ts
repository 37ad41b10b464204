import { hash, randomBytes } from 'node:crypto';
import type { Config } from '../config/load-config.ts';

/** Returns the hash of an undo secret, as tables store it. 256 bits need no slow hash. */
export const undoHash = (secret: string): string => hash('sha256', secret, 'base64url');

/**
 * Creates a secret of 256 bits that undoes a change, as the URL of a page, and its hash. Only a mail
 * contains it. It is the fragment of the URL, which browsers send to no server: logs of proxies and
 * the `Referer` header do not contain it.
 */
export function createUndoSecret(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  path: '/email-change/undo' | '/factors/undo',
) {
  const secret = randomBytes(32).toString('base64url');
  return { undoUrl: `${publicUrl}${path}#${secret}`, hash: undoHash(secret) };
}
