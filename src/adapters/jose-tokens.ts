import { randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { Tokens } from '../ports.ts';

/** A key pair for access tokens, RFC 8037. `kid` is the JWK thumbprint (RFC 7638). */
export interface SigningKeyPair {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly signingKey: SigningKeyPair;
  /** 256-bit HMAC key that signs refresh tokens and nothing else. */
  readonly refreshKey: Buffer;
}

const ACCESS_SECONDS = 900;
const LEEWAY_SECONDS = 5;

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

export async function generateSigningKey(): Promise<SigningKeyPair> {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    kid,
    publicJwk: { ...publicJwk, kid, alg: 'EdDSA', use: 'sig' },
    privateJwk: await exportJWK(pair.privateKey),
  };
}

/** Access tokens by RFC 9068, verified by the rules of RFC 8725. */
export async function createTokens(settings: TokenSettings): Promise<Tokens> {
  const { issuer, audience, signingKey, refreshKey } = settings;
  const privateKey = await importJWK(signingKey.privateJwk, 'EdDSA');
  const published = { keys: [signingKey.publicJwk] };
  const publicKeys = createLocalJWKSet(published);

  return {
    accessLifetime: ACCESS_SECONDS,

    signAccess: ({ accountId, sessionId }, at) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signingKey.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(accountId)
        .setIssuedAt(seconds(at))
        .setExpirationTime(seconds(at) + ACCESS_SECONDS)
        .setJti(randomUUID())
        .sign(privateKey),

    signRefresh: ({ accountId, sessionId }, jti, at, expiresAt) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: 'rt+jwt' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(accountId)
        .setIssuedAt(seconds(at))
        .setExpirationTime(seconds(expiresAt))
        .setJti(jti)
        .sign(refreshKey),

    async readAccess(token, now) {
      try {
        const { payload } = await jwtVerify<{ sid: string }>(token, publicKeys, {
          algorithms: ['EdDSA'],
          typ: 'at+jwt',
          issuer,
          audience,
          requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
          clockTolerance: LEEWAY_SECONDS,
          currentDate: now,
        });
        const { sub = '', sid, jti = '', iat = 0, exp = 0 } = payload;
        return iat > seconds(now) + LEEWAY_SECONDS ? undefined : { sub, sid, jti, iat, exp };
      } catch {
        return undefined;
      }
    },

    jwks: () => published,
  };
}
