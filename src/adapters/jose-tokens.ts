import { createHmac, randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { SigningKeyPair, TokenSubject, Tokens } from '../ports.ts';

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly signingKey: SigningKeyPair;
  /** 256-bit HMAC key that signs refresh tokens and nothing else. */
  readonly refreshKey: Buffer;
  /** 256-bit HMAC key that makes a child's `jti` from its parent's. */
  readonly rotationKey: Buffer;
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
  const { issuer, audience, signingKey, refreshKey, rotationKey } = settings;
  const privateKey = await importJWK(signingKey.privateJwk, 'EdDSA');
  const published = { keys: [signingKey.publicJwk] };
  const publicKeys = createLocalJWKSet(published);

  const unsigned = (subject: TokenSubject, jti: string, at: Date, expiresAt: number) =>
    new SignJWT({ sid: subject.sessionId })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject.accountId)
      .setIssuedAt(seconds(at))
      .setExpirationTime(expiresAt)
      .setJti(jti);

  const rules = (algorithm: string, typ: string, now: Date) => ({
    algorithms: [algorithm],
    typ,
    issuer,
    audience,
    requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
    currentDate: now,
  });

  return {
    accessLifetime: ACCESS_SECONDS,

    signAccess: (subject, at) =>
      unsigned(subject, randomUUID(), at, seconds(at) + ACCESS_SECONDS)
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signingKey.kid })
        .sign(privateKey),

    signRefresh: (subject, jti, at, expiresAt) =>
      unsigned(subject, jti, at, seconds(expiresAt))
        .setProtectedHeader({ alg: 'HS256', typ: 'rt+jwt' })
        .sign(refreshKey),

    childOf: (jti) => createHmac('sha256', rotationKey).update(jti).digest('base64url'),

    async readRefresh(token, now) {
      try {
        const options = rules('HS256', 'rt+jwt', now);
        const { payload } = await jwtVerify<{ sid: string }>(token, refreshKey, options);
        const { sub = '', sid, jti = '' } = payload;
        return { sub, sid, jti };
      } catch {
        return undefined;
      }
    },

    async readAccess(token, now) {
      try {
        const options = { ...rules('EdDSA', 'at+jwt', now), clockTolerance: LEEWAY_SECONDS };
        const { payload } = await jwtVerify<{ sid: string }>(token, publicKeys, options);
        const { sub = '', sid, jti = '', iat = 0, exp = 0 } = payload;
        return iat > seconds(now) + LEEWAY_SECONDS ? undefined : { sub, sid, jti, iat, exp };
      } catch {
        return undefined;
      }
    },

    jwks: () => published,
  };
}
