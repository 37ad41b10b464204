import { createHmac, randomUUID } from 'node:crypto';
import { type JWTVerifyResult, jwtVerify } from 'jose';
import {
  ACCESS_LIFETIME,
  type AccessGrant,
  type AccessKeys,
  type OptionalClaim,
  SESSION_LIFETIME,
  type TokenSubject,
  type Tokens,
} from '../ports/tokens.ts';
import { createAccessVerifier } from './access-verifier.ts';
import { signJwt, signJwtWithSecret } from './compact-jws.ts';

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  /** Claims that access tokens have in addition to the fixed ones. */
  readonly optionalClaims: readonly OptionalClaim[];
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

/** Claims of refresh tokens besides the registered ones. */
interface OwnClaims {
  readonly sid: string;
  readonly gen?: number;
}

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Values of the claims that `TOKEN_CLAIMS` may add. */
const optional: Record<OptionalClaim, (grant: AccessGrant) => unknown> = {
  email: ({ email }) => email,
  email_verified: ({ emailVerified }) => emailVerified,
};

/** Access tokens by RFC 9068, and refresh tokens; verified by the rules of RFC 8725. */
export function createTokens(settings: TokenSettings): Tokens {
  const { issuer, audience, clientId, optionalClaims, keys, secrets } = settings;
  const [current, ...previous] = secrets;

  const claims = (subject: TokenSubject, jti: string, iat: number, exp: number) => ({
    iss: issuer,
    aud: audience,
    sub: subject.accountId,
    sid: subject.sessionId,
    iat,
    exp,
    jti,
  });

  // The first child is the same as in the previous release. No `jti` contains a dot.
  const childUnder = ({ rotationKey }: TokenSecrets, jti: string, number: number) =>
    createHmac('sha256', rotationKey)
      .update(number === 1 ? jti : `${jti}.${number}`)
      .digest('base64url');

  return {
    async signAccess(sealed, grant, at) {
      const { alg, kid } = sealed;
      const key = await keys.open(sealed);
      const iat = seconds(at);
      return signJwt(
        alg,
        key,
        { typ: 'at+jwt', kid },
        {
          ...claims(grant, randomUUID(), iat, iat + ACCESS_LIFETIME),
          client_id: clientId,
          auth_time: seconds(grant.authTime),
          amr: grant.amr,
          role: grant.role,
          ...Object.fromEntries(optionalClaims.map((name) => [name, optional[name](grant)])),
        },
      );
    },

    signRefresh: (subject, { jti, generation, madeAt, expiresAt }) =>
      signJwtWithSecret(
        current.refreshKey,
        { typ: 'rt+jwt' },
        { ...claims(subject, jti, seconds(madeAt), seconds(expiresAt)), gen: generation },
      ),

    childrenOf: (jti, number) => [
      childUnder(current, jti, number),
      ...previous.map((secret) => childUnder(secret, jti, number)),
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
        const verified: JWTVerifyResult<OwnClaims> | undefined = await jwtVerify<OwnClaims>(
          token,
          refreshKey,
          options,
        ).catch(() => undefined);
        if (!verified) continue;
        const { sub = '', sid, jti = '', gen: generation = 0 } = verified.payload;
        return { sub, sid, jti, generation };
      }
      return undefined;
    },

    readAccess: createAccessVerifier({ issuer, audience, keys }),
  };
}
