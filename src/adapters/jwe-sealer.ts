import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Sealer } from '../ports/sealer.ts';
import { decodeJson, encodeJson } from './compact-jws.ts';
import { deriveKey, type KeyPurpose, keyId } from './derived-keys.ts';

/** Header as `seal` writes it, with no `zip` or `crit`. The label is readable. */
const headerShape = z.strictObject({
  alg: z.literal('dir'),
  enc: z.literal('A256GCM'),
  kid: z.string(),
  label: z.string(),
});

/** Header, empty key, 96-bit IV, ciphertext and 128-bit tag, in base64url (RFC 7516 §7.1). */
const compactForm = /^([\w-]+)\.\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/;

const CIPHER = 'aes-256-gcm';

/**
 * Encrypts as compact JWE (RFC 7516) with AES-256-GCM, which also authenticates the label. Works
 * synchronously, like `signJwt`.
 */
export function createSealer(
  purpose: KeyPurpose,
  secretKey: string,
  previousSecretKey?: string,
): Sealer {
  const key = deriveKey(secretKey, purpose);
  const kid = keyId(key);
  const previous = previousSecretKey ? [deriveKey(previousSecretKey, purpose)] : [];
  const keys = new Map([key, ...previous].map((each) => [keyId(each), each]));
  const keyOf = (name: string) => {
    const found = keys.get(name);
    if (found) return found;
    const cure = 'Set SECRET_KEY_PREVIOUS to the secret that encrypted it.';
    throw new Error(`no key for the encrypted text (kid ${name}). ${cure}`);
  };
  return {
    seal: (label, text) => encrypt(key, { alg: 'dir', enc: 'A256GCM', kid, label }, text),
    open(label, sealed) {
      const header = headerOf(sealed);
      if (!header) throw new Error('the text is not encrypted in the form that Gatehouse writes');
      const text = decrypt(keyOf(header.kid), sealed);
      if (header.label === label) return text;
      throw new Error('the text was encrypted under another label');
    },
    secretOf(sealed) {
      const name = headerOf(sealed)?.kid ?? '';
      if (name === kid) return 'current';
      return keys.has(name) ? 'previous' : 'other';
    },
  };
}

function headerOf(sealed: string) {
  const [, head = ''] = compactForm.exec(sealed) ?? [];
  return headerShape.safeParse(decodeJson(head)).data;
}

function encrypt(key: Buffer, header: z.infer<typeof headerShape>, text: string): string {
  const head = encodeJson(header);
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(head));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [head, '', ...parts].join('.');
}

/** @throws if the text was changed */
function decrypt(key: Buffer, sealed: string): string {
  const [head = '', , ...parts] = sealed.split('.');
  const [iv, ciphertext, tag] = parts.map((part) => Buffer.from(part, 'base64url')) as [
    ...[Buffer, Buffer, Buffer],
  ];
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(head)).setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString();
}
