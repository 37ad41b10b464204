import { z } from 'zod';
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponseObject,
} from 'zod-openapi';
import { exampleOf } from './example.ts';
import {
  clientId,
  introspection,
  metadata,
  oauthError,
  refreshToken,
  text,
  token,
  tokens,
} from './oauth-schemas.ts';
import { type HeaderName, headerRefs } from './response-headers.ts';
import { badRequest, cacheControl } from './service-paths.ts';

const base = ['Cache-Control', 'X-Request-Id'] as const;
const limited = ['RateLimit-Policy', 'RateLimit'] as const;

const failure = (
  description: string,
  error: string,
  detail: string,
  ...names: HeaderName[]
): ZodOpenApiResponseObject => ({
  description,
  headers: headerRefs(...base, ...names),
  content: {
    'application/json': {
      schema: oauthError,
      example: { error, error_description: detail },
    },
  },
});

/** Error responses of an endpoint that takes a form. */
const failures = (names: readonly HeaderName[], more: ZodOpenApiOperationObject['responses']) => ({
  400: failure(
    'A parameter is missing or wrong.',
    'invalid_request',
    'The parameter token is missing',
    ...names,
  ),
  ...more,
  413: failure(
    'The body is too large.',
    'invalid_request',
    'The request body is too large.',
    ...names,
  ),
  415: failure('The body is not a form.', 'invalid_request', 'Send a form', ...names),
  429: failure(
    'Too many requests.',
    'temporarily_unavailable',
    'Too many requests from this IP',
    'Retry-After',
    ...names,
  ),
  503: failure(
    'A needed part is unavailable.',
    'temporarily_unavailable',
    'The service is temporarily unavailable',
    'Retry-After',
    ...names,
  ),
});

const success = (
  description: string,
  schema: z.ZodObject,
  names: readonly HeaderName[],
): ZodOpenApiResponseObject => ({
  description,
  headers: headerRefs(...base, ...names),
  content: { 'application/json': { schema, example: exampleOf(schema) } },
});

const form = (fields: z.ZodRawShape) => {
  const schema = z.object(fields);
  const required = Object.entries(fields).filter(([, field]) => field._zod.optin !== 'optional');
  const example = exampleOf(z.object(Object.fromEntries(required)));
  return { required: true, content: { 'application/x-www-form-urlencoded': { schema, example } } };
};

const post = (
  operationId: string,
  summary: string,
  operation: Pick<
    ZodOpenApiOperationObject,
    'description' | 'security' | 'requestBody' | 'responses'
  >,
) => ({ post: { tags: ['OAuth'], operationId, summary, security: [], ...operation } });

const required = { required: true } as const;
const challenge = (start: string) => ({
  ...required,
  schema: { type: 'string', pattern: `^${start} realm=` } as const,
});
const [basicChallenge, bearerChallenge] = [challenge('Basic'), challenge('Bearer')];

const hint = text('access_token', 'Ignored: a token tells its type itself.').optional();

const metadataAnswer = {
  ...success('The metadata.', metadata, []),
  headers: { ...headerRefs('X-Request-Id'), 'Cache-Control': cacheControl },
};

const getMetadata = (operationId: string) => ({
  get: {
    tags: ['OAuth'],
    operationId,
    summary: 'Get the authorization server metadata',
    security: [],
    responses: { 200: metadataAnswer, 400: badRequest('This host name is not allowed') },
  },
});

/** The OAuth endpoints and their metadata. */
export const oauthPaths: ZodOpenApiPathsObject = {
  '/.well-known/oauth-authorization-server': getMetadata('oauthServerMetadata'),
  '/.well-known/openid-configuration': getMetadata('openidConfiguration'),
  '/oauth/token': post('oauthToken', 'Refresh tokens (RFC 6749)', {
    description:
      'Does what `POST /api/v1/auth/token/refresh` does, for OAuth client libraries. Ignores cookies.',
    requestBody: form({
      grant_type: z.literal('refresh_token').meta({ examples: ['refresh_token'] }),
      refresh_token: text(refreshToken),
      client_id: clientId.optional(),
    }),
    responses: { 200: success('New tokens.', tokens, limited), ...failures(limited, {}) },
  }),
  '/oauth/revoke': post('oauthRevoke', 'End the session of a token (RFC 7009)', {
    description: 'Does what `POST /api/v1/auth/logout` does.',
    requestBody: form({
      token: text(token),
      token_type_hint: hint,
      client_id: clientId.optional(),
    }),
    responses: {
      200: {
        description: 'The session has ended, or the token was invalid.',
        headers: headerRefs(...base, ...limited),
      },
      ...failures(limited, {}),
    },
  }),
  '/oauth/introspect': post('oauthIntrospect', 'Ask whether a token is active (RFC 7662)', {
    description:
      'For services that accept no revoked session. They are listed in `INTROSPECTION_CLIENTS`.',
    security: [{ introspectionClient: [] }],
    requestBody: form({ token: text(token), token_type_hint: hint }),
    responses: {
      200: success('The state of the token.', introspection, []),
      ...failures([], {
        401: {
          ...failure('The credentials are wrong.', 'invalid_client', 'Authenticate by HTTP Basic'),
          headers: { ...headerRefs(...base), 'WWW-Authenticate': basicChallenge },
        },
      }),
    },
  }),
  '/oauth/verify': {
    get: {
      tags: ['OAuth'],
      operationId: 'oauthVerify',
      summary: 'Ask who is signed in, as a reverse proxy',
      description:
        'For nginx `auth_request`, Caddy `forward_auth` and Traefik. `/oauth/verify/envoy` responds 200 in place of 204, because Envoy accepts no other status.',
      security: [{ bearer: [] }],
      responses: {
        204: {
          description: 'The access token is valid.',
          headers: {
            ...headerRefs(...base),
            'X-Auth-User': { ...required, schema: { type: 'string', format: 'uuid' } },
            'X-Auth-Role': { ...required, schema: { type: 'string' } },
          },
        },
        401: {
          ...failure('The access token is missing or invalid.', 'invalid_token', 'Sign in'),
          headers: { ...headerRefs(...base), 'WWW-Authenticate': bearerChallenge },
        },
        503: failure(
          'A needed part is unavailable.',
          'temporarily_unavailable',
          'The service is temporarily unavailable',
          'Retry-After',
        ),
      },
    },
  },
};
