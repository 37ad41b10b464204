import { createHmac, randomUUID } from 'node:crypto';
import {
  ACCESS_LIFETIME,
  type AccessGrant,
  type AccessKeys,
  type RefreshIdentity,
  type SealedKey,
  type TokenSubject,
  type Tokens,
} from '../ports/tokens.ts';
import { createAccessVerifier } from './access-verifier.ts';
import { signJwt, signJwtWithSecret } from './compact-jws.ts';
import { createRefreshVerifier } from './refresh-verifier.ts';

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  /** Claims of OpenID Connect Core §5.1 that access tokens have in addition to the fixed ones. */
  readonly optionalClaims: readonly string[];
  readonly keys: Pick<AccessKeys, 'open' | 'find'>;
  /** Keys from the current secret, then from the previous one, if any. */
  readonly secrets: readonly [TokenSecrets, ...TokenSecrets[]];
}

/** 256-bit HMAC keys: one signs refresh tokens, one derives a child's `jti` from its parent's. */
export type TokenSecrets = Readonly<Record<'refreshKey' | 'rotationKey', Buffer>>;

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Access tokens by RFC 9068, and refresh tokens; verified by the rules of RFC 8725. */
export class JwtTokens implements Tokens {
  readonly #settings: TokenSettings;
  readonly readAccess: Tokens['readAccess'];
  readonly readRefresh: Tokens['readRefresh'];

  constructor(settings: TokenSettings) {
    this.#settings = settings;
    this.readAccess = createAccessVerifier(settings);
    this.readRefresh = createRefreshVerifier(settings);
  }

  signAccess(sealed: SealedKey, grant: AccessGrant, at: Date): string {
    const { alg, kid } = sealed;
    const key = this.#settings.keys.open(sealed);
    const iat = seconds(at);
    const times = { iat, exp: iat + ACCESS_LIFETIME, jti: randomUUID() };
    return signJwt(alg, key, { typ: 'at+jwt', kid }, { ...this.claimsOf(grant), ...times });
  }

  claimsOf(grant: AccessGrant): Readonly<Record<string, unknown>> {
    const { clientId, optionalClaims } = this.#settings;
    const { email, emailVerified, metadata } = grant;
    return {
      ...this.#subject(grant),
      client_id: clientId,
      auth_time: seconds(grant.authTime),
      amr: grant.amr,
      role: grant.role,
      ...(optionalClaims.includes('email') && { email }),
      ...(optionalClaims.includes('email_verified') && { email_verified: emailVerified }),
      ...(metadata && { metadata }),
    };
  }

  signRefresh(subject: TokenSubject, identity: RefreshIdentity): string {
    const { jti, generation, madeAt, expiresAt } = identity;
    const times = { iat: seconds(madeAt), exp: seconds(expiresAt), jti };
    const claims = { ...this.#subject(subject), ...times, gen: generation };
    const [{ refreshKey }] = this.#settings.secrets;
    return signJwtWithSecret(refreshKey, { typ: 'rt+jwt' }, claims);
  }

  childrenOf(jti: string, number: number): readonly [string, ...string[]] {
    // The first child is the same as in the previous release. No `jti` contains a dot.
    const text = number === 1 ? jti : `${jti}.${number}`;
    const under = ({ rotationKey }: TokenSecrets) =>
      createHmac('sha256', rotationKey).update(text).digest('base64url');
    const [current, ...previous] = this.#settings.secrets;
    return [under(current), ...previous.map(under)];
  }

  #subject({ accountId, sessionId }: TokenSubject) {
    const { issuer, audience } = this.#settings;
    return { iss: issuer, aud: audience, sub: accountId, sid: sessionId };
  }
}
