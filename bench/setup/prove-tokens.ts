import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { SignedIn } from './people.ts';

/** Tokens to verify: enough to notice a fault, few enough not to delay a run. */
const SAMPLE = 20;

/**
 * Verifies access tokens as another service does, with the published keys, and compares all refresh
 * tokens with each other. @throws Error if one is invalid or repeated
 */
export async function proveTokens(port: number, people: readonly SignedIn[]): Promise<void> {
  const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${port}/.well-known/jwks.json`));
  for (const { accessToken } of people.slice(0, SAMPLE)) {
    const { payload } = await jwtVerify(accessToken, keys, { issuer: 'http://auth.example.com' });
    if (!payload.sub) throw new Error('an access token names no account');
  }
  const distinct = new Set(people.map(({ refreshToken }) => refreshToken));
  if (distinct.size !== people.length) throw new Error('a refresh token was issued twice');
}
