import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createSealer } from '#src/adapters/jwe-sealer.ts';
import { JwtTokens, type TokenSettings } from '#src/adapters/jwt-tokens.ts';
import type { TokenAlgorithm, Tokens } from '#src/ports/tokens.ts';
import { makeKeyPair, openPrivateKey } from '#src/signing-keys/private-key.ts';

const sealer = createSealer('signing-key', 'secret of the tests');
/** Keys of refresh tokens. */
export const tokenSecrets = {
  refreshKey: Buffer.alloc(32, 1),
  rotationKey: Buffer.alloc(32, 2),
};
export const now = new Date();
export const issuer = 'https://issuer';
export const audience = 'https://audience';
export const subject = {
  accountId: '019aab2c-5d0e-7f13-8a64-3c1b9d27e850',
  sessionId: '019aab2c-5f41-7d86-9b02-e6714ac8d35f',
};
export const grant = {
  ...{ ...subject, email: 'ada@example.com', emailVerified: true, role: 'ADMIN' },
  ...{ authTime: new Date(now.getTime() - 3_600_000), amr: ['pwd', 'otp'] as const },
};

interface Signing {
  readonly key: Parameters<Tokens['signAccess']>[0];
  readonly publicJwk: Awaited<ReturnType<typeof makeKeyPair>>['publicJwk'];
  readonly privateKey: ReturnType<typeof createPrivateKey>;
}

/** Makes a key, and opens its private half. */
export async function newKey(alg: TokenAlgorithm): Promise<Signing> {
  const { publicJwk, ...pair } = await makeKeyPair(sealer, alg);
  const jwk = openPrivateKey(sealer, pair);
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { key: { ...pair, alg }, publicJwk, privateKey };
}

/** Tokens that a key signs. */
export function tokensOf(signing: Signing, changes: Partial<TokenSettings> = {}): Tokens {
  const key = createPublicKey({ key: signing.publicJwk, format: 'jwk' });
  const keys = {
    open: () => signing.privateKey,
    find: async (kid: string) =>
      kid === signing.key.kid ? { alg: signing.key.alg, key } : undefined,
  };
  const names = { issuer, audience, clientId: 'gatehouse', optionalClaims: [] };
  return new JwtTokens({ ...names, keys, secrets: [tokenSecrets], ...changes });
}
