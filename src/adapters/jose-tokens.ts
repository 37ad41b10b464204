import { createHmac, randomUUID } from 'node:crypto';
import { jwtVerify } from 'jose';
import {
  ACCESS_LIFETIME,
  type AccessGrant,
  type AccessKeys,
  type OptionalClaim,
  type RefreshClaims,
  type RefreshIdentity,
  SESSION_LIFETIME,
  type SealedKey,
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
  /** Keys from the current secret, then from the previous one, if any. */
  readonly secrets: readonly [TokenSecrets, ...TokenSecrets[]];
}

/** 256-bit HMAC keys: one signs refresh tokens, one derives a child's `jti` from its parent's. */
export type TokenSecrets = Readonly<Record<'refreshKey' | 'rotationKey', Buffer>>;

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Values of the claims that `TOKEN_CLAIMS` may add. */
const optional: Record<OptionalClaim, (grant: AccessGrant) => unknown> = {
  email: ({ email }) => email,
  email_verified: ({ emailVerified }) => emailVerified,
};

/** Access tokens by RFC 9068, and refresh tokens; verified by the rules of RFC 8725. */
export class JoseTokens implements Tokens {
  readonly #settings: TokenSettings;
  readonly readAccess: Tokens['readAccess'];

  constructor(settings: TokenSettings) {
    this.#settings = settings;
    this.readAccess = createAccessVerifier(settings);
  }

  async signAccess(sealed: SealedKey, grant: AccessGrant, at: Date): Promise<string> {
    const { keys, clientId, optionalClaims } = this.#settings;
    const { alg, kid } = sealed;
    const key = await keys.open(sealed);
    const iat = seconds(at);
    const claims = {
      ...this.#claims(grant, randomUUID(), iat, iat + ACCESS_LIFETIME),
      client_id: clientId,
      auth_time: seconds(grant.authTime),
      amr: grant.amr,
      role: grant.role,
      ...Object.fromEntries(optionalClaims.map((name) => [name, optional[name](grant)])),
    };
    return signJwt(alg, key, { typ: 'at+jwt', kid }, claims);
  }

  signRefresh(subject: TokenSubject, identity: RefreshIdentity): string {
    const { jti, generation, madeAt, expiresAt } = identity;
    const claims = this.#claims(subject, jti, seconds(madeAt), seconds(expiresAt));
    const [{ refreshKey }] = this.#settings.secrets;
    return signJwtWithSecret(refreshKey, { typ: 'rt+jwt' }, { ...claims, gen: generation });
  }

  childrenOf(jti: string, number: number): readonly [string, ...string[]] {
    // The first child is the same as in the previous release. No `jti` contains a dot.
    const text = number === 1 ? jti : `${jti}.${number}`;
    const under = ({ rotationKey }: TokenSecrets) =>
      createHmac('sha256', rotationKey).update(text).digest('base64url');
    const [current, ...previous] = this.#settings.secrets;
    return [under(current), ...previous.map(under)];
  }

  async readRefresh(token: string, now: Date): Promise<RefreshClaims | undefined> {
    const { issuer, audience, secrets } = this.#settings;
    const options = {
      algorithms: ['HS256'],
      typ: 'rt+jwt',
      issuer,
      audience,
      requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
      currentDate: now,
      // Accepts expired tokens, because even an old used token must end its session. `expires_at`
      // of the session decides on expiry.
      clockTolerance: SESSION_LIFETIME,
    };
    for (const { refreshKey } of secrets) {
      const verifying = jwtVerify<{ sid: string; gen?: number }>(token, refreshKey, options);
      const verified = await verifying.catch(() => undefined);
      if (!verified) continue;
      const { sub = '', sid, jti = '', gen: generation = 0 } = verified.payload;
      return { sub, sid, jti, generation };
    }
    return undefined;
  }

  #claims({ accountId, sessionId }: TokenSubject, jti: string, iat: number, exp: number) {
    const { issuer, audience } = this.#settings;
    return { iss: issuer, aud: audience, sub: accountId, sid: sessionId, iat, exp, jti };
  }
}
