import { z } from 'zod';
import { EXAMPLE_URL, integer } from './example.ts';

/** Makes the schema of a text. */
export const text = (example: string, description?: string) =>
  z.string().meta({ ...(description && { description }), examples: [example] });
const uri = (path: string) => z.url().meta({ examples: [EXAMPLE_URL + path] });
const listOf = (...words: string[]) => z.array(z.string()).meta({ examples: [words] });

/** An access token. */
export const token = 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl';
export const refreshToken = 'eyJhbGciOiJIUzI1NiIsInR5cCI6InJ0K2p3dCJ9.e30.c2lnbmF0dXJl';
const id = '019aab2c-5f41-7d86-9b02-e6714ac8d35f';
export const clientId = text('gatehouse', '`TOKEN_CLIENT_ID`.');

export const metadata = z
  .object({
    issuer: uri(''),
    jwks_uri: uri('/.well-known/jwks.json'),
    token_endpoint: uri('/oauth/token'),
    token_endpoint_auth_methods_supported: listOf('none'),
    grant_types_supported: listOf('refresh_token'),
    response_types_supported: listOf(),
    introspection_endpoint: uri('/oauth/introspect'),
    introspection_endpoint_auth_methods_supported: listOf('client_secret_basic'),
    revocation_endpoint: uri('/oauth/revoke'),
    revocation_endpoint_auth_methods_supported: listOf('none'),
  })
  .meta({ id: 'ServerMetadata', description: 'Authorization server metadata, RFC 8414.' });

export const tokens = z
  .object({
    access_token: text(token),
    token_type: z.literal('Bearer').meta({ examples: ['Bearer'] }),
    expires_in: integer(0, 900, 'Seconds until the access token expires.'),
    refresh_token: text(refreshToken),
  })
  .meta({ id: 'OAuthTokens', description: 'New tokens, RFC 6749 §5.1.' });

const time = (example: number) => integer(0, example, 'Unix time in seconds.').optional();

export const introspection = z
  .object({
    active: z
      .boolean()
      .meta({ description: 'If false, there are no other members.', examples: [true] }),
    token_type: text('Bearer', 'Access tokens only. Reject a token without it.').optional(),
    iss: text(EXAMPLE_URL).optional(),
    aud: text(EXAMPLE_URL).optional(),
    sub: text(id, 'Id of the account. Access tokens only.').optional(),
    client_id: clientId.optional(),
    sid: text(id, 'Id of the session.').optional(),
    jti: text(id).optional(),
    exp: time(1_795_000_900),
    iat: time(1_795_000_000),
    auth_time: time(1_794_990_000),
    amr: listOf('otp').optional(),
    role: text('USER', 'The current role.').optional(),
  })
  .meta({
    id: 'Introspection',
    description:
      'State of a token, RFC 7662: the claims of an access token, current; of a refresh token only `iss`, `client_id` and `exp`.',
  });

export const oauthError = z
  .object({
    error: text('invalid_request', 'Code of RFC 6749 §5.2.'),
    error_description: text('The parameter token is missing'),
  })
  .meta({ id: 'OAuthError', description: 'An error, RFC 6749 §5.2.' });
