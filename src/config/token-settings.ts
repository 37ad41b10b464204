import { z } from 'zod';
import { optionalClaims, tokenAlgorithms } from '../ports/tokens.ts';
import { claim, listOf } from './setting-shapes.ts';

const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

/** Settings of the tokens, in the order of the README. */
export const tokenSettings = {
  tokenIssuer: {
    variable: 'TOKEN_ISSUER',
    about: 'Claim `iss` of the tokens. Default: `PUBLIC_URL`.',
    must: 'a URI or a word without blanks',
    shape: claim,
  },
  tokenAudience: {
    variable: 'TOKEN_AUDIENCE',
    about: 'Claim `aud` of the tokens. Default: `PUBLIC_URL`.',
    must: 'a URI or a word without blanks',
    shape: claim,
  },
  tokenClientId: {
    variable: 'TOKEN_CLIENT_ID',
    about: 'Claim `client_id` of the access tokens (RFC 9068).',
    must: 'a URI or a word without blanks',
    shape: claim,
    fallback: 'gatehouse',
  },
  tokenAlgorithm: {
    variable: 'TOKEN_ALG',
    about:
      'Algorithm of the first signing key in an empty database: `ES256` (default), `EdDSA` or `RS256`. To change it later, run `npm run keys -- rotate --alg`.',
    must: `one of ${quoted(tokenAlgorithms)}`,
    shape: z.enum(tokenAlgorithms),
  },
  tokenClaims: {
    variable: 'TOKEN_CLAIMS',
    about: 'Claims to add to the access tokens: `email`, `email_verified`.',
    must: `a list of ${quoted(optionalClaims)}`,
    shape: listOf(optionalClaims),
    fallback: '',
  },
} as const;
