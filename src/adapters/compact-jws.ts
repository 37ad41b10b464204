import { createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';
import type { PublicKey, TokenAlgorithm } from '../ports/tokens.ts';

/** Header, claims and signature, in base64url (RFC 7515 §7.1). */
export const compactJws = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** 64 bytes in base64url: the last character holds four bits, so it has one of four values. */
const bytes64 = /^[\w-]{85}[AQgw]$/;

/** Digest and signature form of each algorithm (RFC 7518 §3.3 and §3.4, RFC 8037 §3.1). */
const schemes: Record<TokenAlgorithm, { digest: string | null; form: RegExp }> = {
  ES256: { digest: 'sha256', form: bytes64 },
  EdDSA: { digest: null, form: bytes64 },
  // Our keys have 3072 bits.
  RS256: { digest: 'sha256', form: /^[\w-]{512}$/ },
};

/** JOSE writes an ECDSA signature as r and s, not as DER. The other algorithms ignore this. */
const dsaEncoding = 'ieee-p1363';

/** Signs a JWT synchronously: WebCrypto would queue behind password hashes, and take longer. */
export function signJwt(alg: TokenAlgorithm, key: KeyObject, header: object, claims: object) {
  return compact({ alg, ...header }, claims, (input) =>
    sign(schemes[alg].digest, Buffer.from(input), { key, dsaEncoding }).toString('base64url'),
  );
}

/** Signs a JWT with HMAC-SHA-256, synchronously. */
export function signJwtWithSecret(secret: Buffer, header: object, claims: object): string {
  return compact({ alg: 'HS256', ...header }, claims, (input) => hmac(secret, input));
}

/** Verifies the signature of `input` synchronously. Accepts only canonical base64url. */
export function verifyJws({ alg, key }: PublicKey, input: string, signature: string): boolean {
  const { digest, form } = schemes[alg];
  return (
    form.test(signature) &&
    verify(digest, Buffer.from(input), { key, dsaEncoding }, Buffer.from(signature, 'base64url'))
  );
}

/** Verifies an HMAC-SHA-256 of `input` in constant time. Accepts only canonical base64url. */
export function verifyHmac(secret: Buffer, input: string, signature: string): boolean {
  const [given, expected] = [Buffer.from(signature), Buffer.from(hmac(secret, input))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const hmac = (secret: Buffer, input: string) =>
  createHmac('sha256', secret).update(input).digest('base64url');

function compact(header: object, claims: object, signature: (input: string) => string): string {
  const input = `${encodeJson(header)}.${encodeJson(claims)}`;
  return `${input}.${signature(input)}`;
}

export const encodeJson = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** Returns undefined for anything but JSON in base64url. */
export function decodeJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
