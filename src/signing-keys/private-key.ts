import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { ConfigError } from '../config/load-config.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Jwk, TokenAlgorithm } from '../ports/tokens.ts';
import type { SigningKey } from './signing-key.entity.ts';

/** Returns the label of an encrypted private key. */
export const keyLabel = (kid: string): string => `signing key ${kid}`;

const generate = promisify(generateKeyPair);

const generators: Record<
  TokenAlgorithm,
  () => Promise<{ readonly publicKey: KeyObject; readonly privateKey: KeyObject }>
> = {
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generate('ed25519'),
  // BSI TR-02102-1 requires 3000 bits.
  RS256: () => generate('rsa', { modulusLength: 3072 }),
};

/** Makes a key pair for an algorithm and encrypts the private key. */
export async function makeKeyPair(sealer: Sealer, alg: TokenAlgorithm) {
  const pair = await generators[alg]();
  const members = pair.publicKey.export({ format: 'jwk' });
  // The thumbprint covers the required members of a public key, sorted by name (RFC 7638 §3.2).
  const sorted = JSON.stringify(members, Object.keys(members).sort());
  const kid = createHash('sha256').update(sorted).digest('base64url');
  const privateJwk = JSON.stringify(pair.privateKey.export({ format: 'jwk' }));
  const sealedPrivateJwk = sealer.seal(keyLabel(kid), privateJwk);
  return { kid, publicJwk: { ...members, kid, alg, use: 'sig' }, sealedPrivateJwk };
}

/** Decrypts a private key. @throws ConfigError if it was encrypted with an unknown secret */
export function openPrivateKey(
  sealer: Sealer,
  { kid, sealedPrivateJwk }: Pick<SigningKey, 'kid' | 'sealedPrivateJwk'>,
): Jwk {
  try {
    return JSON.parse(sealer.open(keyLabel(kid), sealedPrivateJwk ?? ''));
  } catch (cause) {
    throw new ConfigError(
      'SECRET_KEY: cannot decrypt the signing keys of this database. ' +
        'Set the secret that encrypted them as SECRET_KEY or SECRET_KEY_PREVIOUS.',
      { cause },
    );
  }
}
