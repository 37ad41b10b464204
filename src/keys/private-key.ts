import { createHash, generateKeyPairSync } from 'node:crypto';
import { ConfigError } from '../config.ts';
import type { Sealer } from '../ports.ts';
import type { Jwk, SealedKey } from '../token-ports.ts';
import type { SigningKey } from './signing-key.entity.ts';

/** What the private half of a key is sealed under. */
export const keyLabel = (kid: string): string => `signing key ${kid}`;

/** Makes an Ed25519 key pair, which leaves here with its private half sealed. */
export async function makeKeyPair(sealer: Sealer): Promise<SealedKey & { publicJwk: Jwk }> {
  const pair = generateKeyPairSync('ed25519');
  const { kty, crv, x } = pair.publicKey.export({ format: 'jwk' });
  // RFC 7638 §3.2 and RFC 8037 §2: these members, in this order.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
  const privateJwk = JSON.stringify(pair.privateKey.export({ format: 'jwk' }));
  return {
    kid,
    publicJwk: { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' },
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
