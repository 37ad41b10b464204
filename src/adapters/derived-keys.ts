import { createHash, hkdfSync } from 'node:crypto';

/** Purpose of a key. Each purpose has a key of its own. */
export type KeyPurpose =
  | 'address-index'
  | 'audit-log'
  | 'factor'
  | 'mail'
  | 'one-time-code'
  | 'passkey-challenge'
  | 'refresh-rotation'
  | 'refresh-token'
  | 'signing-key'
  | 'webhook';

/** Derives a 256-bit key for one purpose by HKDF-SHA-256 (RFC 5869). */
export function deriveKey(secretKey: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'gatehouse', purpose, 32));
}

/** Returns a public name of a key, which reveals nothing about it. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update('key id').update(key).digest('base64url').slice(0, 16);
}
