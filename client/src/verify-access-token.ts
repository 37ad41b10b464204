import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { failure, type Result, success } from './result.ts';

export interface VerifierOptions {
  /** Base URL of Gatehouse: `https://auth.example.com`. */
  readonly url: string;
  /** `TOKEN_ISSUER` of Gatehouse. The URL by default. */
  readonly issuer?: string;
  /** `TOKEN_AUDIENCE` of Gatehouse. The issuer by default. */
  readonly audience?: string;
  /** Accepted values of `TOKEN_ALG`. All by default; each key of Gatehouse has one algorithm. */
  readonly algorithms?: readonly ('ES256' | 'EdDSA' | 'RS256')[];
}

/** Claims of an access token (RFC 9068). Future releases may add claims. */
export interface AccessTokenClaims extends JWTPayload {
  /** The id of the account. */
  readonly sub: string;
  /** The id of the session. */
  readonly sid: string;
  readonly role: 'ADMIN' | 'USER';
  readonly client_id: string;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  /** Set if `TOKEN_CLAIMS` of Gatehouse lists it. */
  readonly email?: string;
  readonly email_verified?: boolean;
  /** The keys of the user's metadata that `TOKEN_CLAIMS` of Gatehouse lists. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Returns the claims, or `UNAUTHENTICATED`, or `UNAVAILABLE` if the keys cannot be fetched. */
export type VerifyAccessToken = (token: string) => Promise<Result<AccessTokenClaims>>;

/** Milliseconds for which the public keys are kept: as long as Gatehouse announces new ones. */
const MAX_AGE = 300_000;

/** The errors of a token, as opposed to those of the key server. */
const ofToken =
  /^ERR_(JWT_|JWS_|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED)/;

/** Creates a function that verifies access tokens, without a request to Gatehouse for each. */
export function createVerifyAccessToken(options: VerifierOptions): VerifyAccessToken {
  const { url, issuer = url, audience = issuer } = options;
  const algorithms = [...(options.algorithms ?? ['ES256', 'EdDSA', 'RS256'])];
  const keySet = new URL('/.well-known/jwks.json', url);
  const keys = createRemoteJWKSet(keySet, { cacheMaxAge: MAX_AGE });
  const requiredClaims = ['sub', 'sid', 'role', 'exp', 'iat', 'jti'];
  const expected = { issuer, audience, algorithms, requiredClaims, typ: 'at+jwt' };
  return async (token) => {
    try {
      const { payload } = await jwtVerify<AccessTokenClaims>(token, keys, expected);
      return success(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError && ofToken.test(error.code)) {
        const message = 'The access token is invalid or expired.';
        return failure({ message, extensions: { code: 'UNAUTHENTICATED' } });
      }
      const message = `The public keys at ${keySet.href} cannot be fetched.`;
      return failure({ message, extensions: { code: 'UNAVAILABLE', retryAfter: 1 } });
    }
  };
}
