import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import {
  type AccessClaims,
  type AccessKeys,
  CLOCK_LEEWAY,
  type Tokens,
  tokenAlgorithms,
} from '../ports/tokens.ts';
import { compactJws, decodeJson, verifyJws } from './compact-jws.ts';

type Settings = { issuer: string; audience: string; keys: Pick<AccessKeys, 'find'> };

/** Maximum verified tokens in the cache. */
const MAX_CACHED = 10_000;

/** Header as `signAccess` writes it, with no `jwk`, `jku`, `x5u`, `crit` or `b64`. */
const headerShape = z.strictObject({
  alg: z.enum(tokenAlgorithms),
  typ: z.literal('at+jwt'),
  kid: z.string().regex(/^[\w-]{43}$/),
});

/**
 * Verifies access tokens by the rules of RFC 8725. Verifies each token once and caches its SHA-256
 * and claims. The key determines the algorithm (§3.1); the header must name the same one. Ignores
 * unknown claims of later releases, and accepts tokens of earlier releases with fewer claims.
 */
export function createAccessVerifier(settings: Settings): Tokens['readAccess'] {
  const cache = new LRUCache<string, AccessClaims>({ max: MAX_CACHED });
  const verify = createVerify(settings);
  return async (token, now) => {
    const digest = hash('sha256', token, 'binary');
    const cached = cache.get(digest);
    const claims = cached ?? (await verify(token, now));
    if (claims && isTimely(claims, now)) {
      if (!cached) cache.set(digest, claims);
      return claims;
    }
    cache.delete(digest);
    return undefined;
  };
}

function createVerify({ issuer, audience, keys }: Settings) {
  const claimsShape = z.object({
    iss: z.literal(issuer),
    aud: z.literal(audience),
    // Look-ups of several tokens share a statement, which a malformed id would fail for all.
    sub: z.guid(),
    sid: z.guid(),
    jti: z.string(),
    iat: z.int(),
    exp: z.int(),
  });
  return async (token: string, now: Date): Promise<AccessClaims | undefined> => {
    const [, head = '', body = '', signature = ''] = compactJws.exec(token) ?? [];
    const header = headerShape.safeParse(decodeJson(head));
    if (!header.success) return undefined;
    const { kid, alg } = header.data;
    const key = await keys.find(kid, now);
    if (key?.alg !== alg || !verifyJws(key, `${head}.${body}`, signature)) return undefined;
    const claims = claimsShape.safeParse(decodeJson(body));
    if (!claims.success) return undefined;
    const { sub, sid, jti, iat, exp } = claims.data;
    return { sub, sid, jti, iat, exp, kid };
  };
}

function isTimely({ iat, exp }: AccessClaims, now: Date): boolean {
  const time = Math.floor(now.getTime() / 1000);
  return iat <= time + CLOCK_LEEWAY && exp > time - CLOCK_LEEWAY;
}
