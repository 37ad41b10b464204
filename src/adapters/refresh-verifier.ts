import { z } from 'zod';
import { SESSION_LIFETIME, type Tokens } from '../ports/tokens.ts';
import { compactJws, decodeJson, verifyHmac } from './compact-jws.ts';

interface Settings {
  readonly issuer: string;
  readonly audience: string;
  readonly secrets: readonly { readonly refreshKey: Buffer }[];
}

/** Header as `signRefresh` writes it. */
const headerShape = z.strictObject({ alg: z.literal('HS256'), typ: z.literal('rt+jwt') });

/**
 * Verifies refresh tokens by the rules of RFC 8725, under any of the secrets. Accepts expired
 * tokens, because even an old used token must end its session. `expires_at` of the session decides
 * on expiry.
 */
export function createRefreshVerifier({
  issuer,
  audience,
  secrets,
}: Settings): Tokens['readRefresh'] {
  const claimsShape = z.object({
    iss: z.literal(issuer),
    aud: z.literal(audience),
    sub: z.string(),
    sid: z.string(),
    jti: z.string(),
    iat: z.number(),
    exp: z.number(),
    gen: z.int().default(0),
  });
  return (token, now) => {
    const [, head = '', body = '', signature = ''] = compactJws.exec(token) ?? [];
    if (!headerShape.safeParse(decodeJson(head)).success) return undefined;
    const input = `${head}.${body}`;
    if (!secrets.some(({ refreshKey }) => verifyHmac(refreshKey, input, signature)))
      return undefined;
    const { data } = claimsShape.safeParse(decodeJson(body));
    if (!data || data.exp <= now.getTime() / 1000 - SESSION_LIFETIME) return undefined;
    const { sub, sid, jti, gen: generation } = data;
    return { sub, sid, jti, generation };
  };
}
