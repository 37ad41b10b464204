import { createHash, hkdfSync } from 'node:crypto';

/** What a key is for. A key of one purpose is of no use for another. */
export type KeyPurpose =
  | 'address-index'
  | 'mail'
  | 'one-time-code'
  | 'refresh-rotation'
  | 'refresh-token'
  | 'signing-key';

/** A 256-bit key for one purpose, by HKDF-SHA-256 (RFC 5869) from the secret of the service. */
export function deriveKey(secretKey: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'gatehouse', purpose, 32));
}

/** A public name for a secret key: tells which of several opens a text, and nothing else. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update('key id').update(key).digest('base64url').slice(0, 16);
}
