import { createHash } from 'node:crypto';

/** Names a password without telling it: two accounts' equal passwords have different marks. */
export function passwordFingerprint(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('base64url');
}
