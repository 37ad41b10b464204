import { createHash } from 'node:crypto';
import type { PasswordFingerprint } from '../ports/challenge-store.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Salt and tag of an argon2 hash. They stay the same when its parameters are put in order. */
const saltAndTag = (passwordHash: string): string => passwordHash.split('$').slice(-2).join('$');

/** Identifies a password without revealing it. Equal passwords of two accounts differ by salt. */
export const passwordFingerprint = (passwordHash: string): PasswordFingerprint => ({
  saltAndTag: digest(saltAndTag(passwordHash)),
  wholeHash: digest(passwordHash),
});

/** Returns whether a challenge was requested with the password of this hash. */
export function hasFingerprint(passwordHash: string, shown: PasswordFingerprint | null): boolean {
  const own = passwordFingerprint(passwordHash);
  return shown?.saltAndTag === own.saltAndTag || shown?.wholeHash === own.wholeHash;
}

/** Returns whether two hashes differ in the order of their parameters at most. */
export const isSameHash = (one: string | null | undefined, other: string): boolean =>
  one != null && saltAndTag(one) === saltAndTag(other);
