import type { KeyObject } from 'node:crypto';

/** Algorithms that sign access tokens (RFC 7518 §3.1, RFC 8037). The first is the default. */
export const tokenAlgorithms = ['ES256', 'EdDSA', 'RS256'] as const;
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];

/**
 * Authentication methods (RFC 8176): a one-time code, alone or after the password; `mfa` with a second
 * factor, and the methods of its proof: of a passkey, possession of a key (`pop`) and presence (`user`).
 */
export type AuthMethod = 'pwd' | 'otp' | 'mfa' | 'pop' | 'user';

/** Lifetime of an access token, in seconds. */
export const ACCESS_LIFETIME = 900;
/** Seconds after which an unused session ends (ASVS 5.0 7.3.1). */
export const IDLE_LIFETIME = 14 * 24 * 60 * 60;
/** Maximum lifetime of a session, in seconds (ASVS 5.0 7.3.2). */
export const SESSION_LIFETIME = 30 * 24 * 60 * 60;
/** Seconds by which the clocks of two processes may differ. */
export const CLOCK_LEEWAY = 5;
/** Seconds that verifiers of access tokens may cache the published keys (RFC 9111). */
export const JWKS_MAX_AGE = 300;

/** Claims of an access token (RFC 9068), and its key. Times: Unix time in seconds. */
export interface AccessClaims {
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly kid: string;
}

/** Claims of a refresh token. The generation is `gen`; 0 in tokens of the previous release. */
export type RefreshClaims = Pick<AccessClaims, 'sub' | 'sid' | 'jti'> & {
  readonly generation: number;
};

/** Identity of a refresh token within its session. */
export interface RefreshIdentity {
  readonly jti: string;
  /** Number of refresh tokens of the session when it was made, including itself. */
  readonly generation: number;
  readonly madeAt: Date;
  readonly expiresAt: Date;
}

export interface TokenSubject {
  readonly accountId: string;
  readonly sessionId: string;
}

/** The account and the sign-in that an access token describes. */
export interface AccessGrant extends TokenSubject {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly role: string;
  /** The claim `metadata`, if the token gets one. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly authTime: Date;
  readonly amr: readonly AuthMethod[];
}

/** A JSON Web Key, RFC 7517, RFC 7518 §6 and RFC 8037. */
export type Jwk = Readonly<Record<string, unknown>>;

/** The public half of a signing key. The key is used only with its `alg`. */
export type PublicJwk = Jwk & { readonly alg: TokenAlgorithm };

/** A key that signs access tokens, its private half encrypted. */
export interface SealedKey {
  /** JWK thumbprint, RFC 7638. */
  readonly kid: string;
  readonly alg: TokenAlgorithm;
  readonly sealedPrivateJwk: string;
}

/** The public half of a key. Its algorithm comes from PostgreSQL, never from a token's header. */
export interface PublicKey {
  readonly alg: TokenAlgorithm;
  readonly key: KeyObject;
}

/** The keys of access tokens, as PostgreSQL stores them. */
export interface AccessKeys {
  /** Decrypts the private half. @throws ConfigError if another secret encrypted it */
  open(key: SealedKey): KeyObject;
  /** Returns the public half; undefined for an unknown key. @throws outages */
  find(kid: string, now: Date): Promise<PublicKey | undefined>;
  /** Returns the JWK Set to publish; the last known one while PostgreSQL is unavailable. */
  jwks(now: Date): Promise<{ keys: readonly PublicJwk[] }>;
}

/** Signs and verifies JWTs (RFC 7519, RFC 8725). */
export interface Tokens {
  /** Returns the claims of a genuine refresh token, also of a used or expired one. */
  readRefresh(token: string, now: Date): RefreshClaims | undefined;
  /** Returns the `jti` of a refresh token's child (from 1 on), under each secret, current first. */
  childrenOf(jti: string, number: number): readonly [string, ...string[]];
  /** Returns the claims of an access token, without its times and its `jti`. */
  claimsOf(grant: AccessGrant): Readonly<Record<string, unknown>>;
  /** Signs an access token that is valid from `at` on. */
  signAccess(key: SealedKey, grant: AccessGrant, at: Date): string;
  /** Signs a refresh token. Equal arguments give equal bytes. */
  signRefresh(subject: TokenSubject, identity: RefreshIdentity): string;
  /** Returns the claims of a valid access token. Does not check its session. @throws outages */
  readAccess(token: string, now: Date): Promise<AccessClaims | undefined>;
}
