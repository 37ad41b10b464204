import { createHmac, randomUUID } from 'node:crypto';
import { type JWTVerifyResult, jwtVerify, SignJWT } from 'jose';
import {
  ACCESS_LIFETIME,
  type AccessKeys,
  SESSION_LIFETIME,
  type TokenSubject,
  type Tokens,
} from '../token-ports.ts';
import { createAccessVerifier } from './access-verifier.ts';

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: Pick<AccessKeys, 'open' | 'find'>;
  /** Of today's secret first, then of the one before, if any. */
  readonly secrets: readonly [TokenSecrets, ...TokenSecrets[]];
}

/** 256-bit keys, each for its purpose alone. */
export interface TokenSecrets {
  /** HMAC key that signs refresh tokens. */
  readonly refreshKey: Buffer;
  /** HMAC key that makes a child's `jti` from its parent's. */
  readonly rotationKey: Buffer;
}

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Access tokens by RFC 9068, and refresh tokens; verified by the rules of RFC 8725. */
export function createTokens(settings: TokenSettings): Tokens {
  const { issuer, audience, keys, secrets } = settings;
  const [current, ...previous] = secrets;

  const unsigned = (subject: TokenSubject, jti: string, at: Date, expiresAt: number) =>
    new SignJWT({ sid: subject.sessionId })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject.accountId)
      .setIssuedAt(seconds(at))
      .setExpirationTime(expiresAt)
      .setJti(jti);

  const childUnder = ({ rotationKey }: TokenSecrets, jti: string) =>
    createHmac('sha256', rotationKey).update(jti).digest('base64url');

  return {
    async signAccess(key, subject, at) {
      const privateJwk = await keys.open(key);
      return unsigned(subject, randomUUID(), at, seconds(at) + ACCESS_LIFETIME)
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
        .sign(privateJwk);
    },

    signRefresh: (subject, jti, at, expiresAt) =>
      unsigned(subject, jti, at, seconds(expiresAt))
        .setProtectedHeader({ alg: 'HS256', typ: 'rt+jwt' })
        .sign(current.refreshKey),

    childrenOf: (jti) => [
      childUnder(current, jti),
      ...previous.map((secret) => childUnder(secret, jti)),
    ],

    async readRefresh(token, now) {
      const options = {
        algorithms: ['HS256'],
        typ: 'rt+jwt',
        issuer,
        audience,
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
        currentDate: now,
        // The session knows when its live token dies; a spent one ends it however old it is.
        clockTolerance: SESSION_LIFETIME,
      };
      for (const { refreshKey } of secrets) {
        const verified: JWTVerifyResult<{ sid: string }> | undefined = await jwtVerify<{
          sid: string;
        }>(token, refreshKey, options).catch(() => undefined);
        if (!verified) continue;
        const { sub = '', sid, jti = '' } = verified.payload;
        return { sub, sid, jti };
      }
      return undefined;
    },

    readAccess: createAccessVerifier({ issuer, audience, keys }),
  };
}
