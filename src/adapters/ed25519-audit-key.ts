import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { AuditKey } from '../ports/audit-key.ts';
import { deriveKey, keyId } from './derived-keys.ts';

/** PKCS #8 of an Ed25519 private key, up to its 32 bytes (RFC 8410 §7). */
const PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signs by Ed25519 (RFC 8032). The private key is derived from the secret, so none is stored. */
export function createAuditKey(secretKey: string, previousSecretKey?: string): AuditKey {
  const current = keyPairOf(secretKey);
  const previous = previousSecretKey ? [keyPairOf(previousSecretKey)] : [];
  const publicKeys = new Map([current, ...previous].map((pair) => [pair.id, pair.publicKey]));
  return {
    sign: (digest) => ({
      keyId: current.id,
      signature: sign(null, digest, current.privateKey),
    }),
    verify(digest, signed) {
      const publicKey = publicKeys.get(signed.keyId);
      if (!publicKey) return 'unknown key';
      return verify(null, digest, publicKey, signed.signature) ? 'right' : 'wrong';
    },
  };
}

function keyPairOf(secretKey: string) {
  const seed = deriveKey(secretKey, 'audit-log');
  const key = Buffer.concat([PREFIX, seed]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return { id: keyId(seed), privateKey, publicKey: createPublicKey(privateKey) };
}
