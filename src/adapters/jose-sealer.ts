import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import type { Sealer } from '../ports/sealer.ts';
import { deriveKey, type KeyPurpose, keyId } from './derived-keys.ts';

/** Encrypts as compact JWE (RFC 7516) with AES-256-GCM, which also authenticates the label. */
export function createSealer(
  purpose: KeyPurpose,
  secretKey: string,
  previousSecretKey?: string,
): Sealer {
  const key = deriveKey(secretKey, purpose);
  const kid = keyId(key);
  const previous = previousSecretKey ? [deriveKey(previousSecretKey, purpose)] : [];
  const keys = new Map([key, ...previous].map((each) => [keyId(each), each]));
  const keyOf = (name = '') => {
    const found = keys.get(name);
    if (found) return found;
    const cure = 'Set SECRET_KEY_PREVIOUS to the secret that encrypted it.';
    throw new Error(`no key for the encrypted text (kid ${name}). ${cure}`);
  };
  return {
    seal: (label, text) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, label })
        .encrypt(key),
    async open(label, sealed) {
      const { plaintext, protectedHeader } = await compactDecrypt(
        sealed,
        ({ kid: name }) => keyOf(name),
        { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
      );
      if (protectedHeader.label === label) return new TextDecoder().decode(plaintext);
      throw new Error('the text was encrypted under another label');
    },
    secretOf(sealed) {
      try {
        const name = decodeProtectedHeader(sealed).kid ?? '';
        if (name === kid) return 'current';
        return keys.has(name) ? 'previous' : 'other';
      } catch {
        return 'other';
      }
    },
  };
}
