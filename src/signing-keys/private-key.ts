import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { ConfigError } from '../config/load-config.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Jwk, PublicJwk, SealedKey, TokenAlgorithm } from '../ports/tokens.ts';
import type { SigningKey } from './signing-key.entity.ts';

/** What the private half of a key is sealed under. */
export const keyLabel = (kid: string): string => `signing key ${kid}`;

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

const generators: Record<TokenAlgorithm, () => Promise<KeyPair>> = {
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generate('ed25519'),
  // BSI TR-02102-1 asks for 3000 bits.
  RS256: () => generate('rsa', { modulusLength: 3072 }),
};

/** Makes a key pair for an algorithm, with its private half sealed. */
export async function makeKeyPair(
  sealer: Sealer,
  alg: TokenAlgorithm,
): Promise<Pick<SealedKey, 'kid' | 'sealedPrivateJwk'> & { publicJwk: PublicJwk }> {
  const pair = await generators[alg]();
  const members = pair.publicKey.export({ format: 'jwk' });
  // The thumbprint covers the required members of a public key, sorted by name (RFC 7638 §3.2).
  const sorted = JSON.stringify(members, Object.keys(members).sort());
  const kid = createHash('sha256').update(sorted).digest('base64url');
  const privateJwk = JSON.stringify(pair.privateKey.export({ format: 'jwk' }));
  return {
    kid,
    publicJwk: { ...members, kid, alg, use: 'sig' },
    sealedPrivateJwk: await sealer.seal(keyLabel(kid), privateJwk),
  };
}

/** @throws ConfigError when the secret of the service is not the one that sealed the key */
export async function openPrivateKey(
  sealer: Sealer,
  { kid, sealedPrivateJwk }: Pick<SigningKey, 'kid' | 'sealedPrivateJwk'>,
): Promise<Jwk> {
  try {
    return JSON.parse(await sealer.open(keyLabel(kid), sealedPrivateJwk ?? ''));
  } catch (cause) {
    throw new ConfigError(
      'SECRET_KEY must be the one that sealed the keys of this database, ' +
        'or that one must be in SECRET_KEY_PREVIOUS',
      { cause },
    );
  }
}
