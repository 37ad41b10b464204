import { z } from 'zod';
import type { ZodOpenApiPathsObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { exampleOf } from './example.ts';
import { problemExample, problemSchemas } from './problem-schemas.ts';
import { headerRefs } from './response-headers.ts';

const always = (value: string) => z.literal(value).meta({ examples: [value] });

const base64url = (description: string, example: string) =>
  z
    .string()
    .regex(/^[\w-]+$/)
    .meta({ description, examples: [example] });

/** Describes a public key of one algorithm (RFC 7517, RFC 7518 §6, RFC 8037 §2). */
const publicKey = (kty: string, alg: string, members: z.ZodRawShape) =>
  z.object({
    kty: always(kty),
    ...members,
    alg: always(alg),
    use: always('sig'),
    kid: base64url('The `kid` in token headers.', 'TnR8bq1mJ0Zk5y3nVQ2oXwE7dHcUaLfs9GpKiM4rBhY'),
  });

const ecKey = publicKey('EC', 'ES256', {
  crv: always('P-256'),
  x: base64url('First coordinate.', 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4'),
  y: base64url('Second coordinate.', '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM'),
});

const okpKey = publicKey('OKP', 'EdDSA', {
  crv: always('Ed25519'),
  x: base64url('The public key.', '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'),
});

const rsaKey = publicKey('RSA', 'RS256', {
  n: base64url('Modulus.', 'u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffA'),
  e: base64url('Exponent.', 'AQAB'),
});

const keySet = z
  .object({
    keys: z.array(
      z.discriminatedUnion('kty', [ecKey, okpKey, rsaKey]).meta({
        description: 'Algorithm of the key. Do not use the key with another one.',
        examples: [exampleOf(ecKey)],
      }),
    ),
  })
  .meta({ id: 'KeySet', description: 'Public keys that verify access tokens, RFC 7517.' });

const status = (...values: [string, ...string[]]) => z.enum(values).meta({ examples: [values[0]] });

const part = z.object({
  status: status('ok', 'limited', 'unavailable', 'unknown'),
  since: z.iso.datetime().optional().meta({ description: 'Start of the outage.' }),
  reason: z.string().optional().meta({ description: 'Reason for the status.' }),
});

const readiness = z
  .object({
    status: status('ok', 'unavailable'),
    parts: z.object({ postgresql: part, redis: part, queue: part, mail: part }),
  })
  .meta({
    id: 'Readiness',
    description:
      'Status of each part. `queue` and `mail` do not affect readiness: mails wait in the outbox. A worker reports `mail`; it is `unknown` if no worker has reported for a minute. `redis` is `limited` while its memory is nearly full and unknown clients get 503.',
  });

const ok = { status: 'ok' };
const readyParts = { postgresql: ok, redis: ok, queue: ok, mail: ok };
const redisOutage = {
  status: 'unavailable',
  since: '2026-11-22T19:36:05.123Z',
  reason: 'connection refused',
};

const headers = headerRefs('Cache-Control', 'X-Request-Id');

const answer = (description: string, schema: z.ZodObject, example: unknown) => ({
  description,
  headers,
  content: { 'application/json': { schema, example } },
});

/** Describes the response to a malformed request. */
export const badRequest = (detail: string) => ({
  description: `${detail}.`,
  headers,
  content: {
    'application/problem+json': {
      schema: problemSchemas['bad-request'],
      example: problemExample('bad-request', detail),
    },
  },
});

const malformed = badRequest('The request is malformed');

const getPath = (
  operationId: string,
  summary: string,
  responses: ZodOpenApiResponsesObject,
  description?: string,
): ZodOpenApiPathsObject[string] => ({
  get: {
    tags: ['Service'],
    security: [],
    operationId,
    summary,
    ...(description && { description }),
    responses,
  },
});

/** Header of documents that caches may store. */
export const cacheControl = {
  required: true,
  schema: { type: 'string', const: 'public, max-age=300' },
} as const;

/** Routes outside `/api/v1`. */
export const servicePaths: ZodOpenApiPathsObject = {
  '/.well-known/jwks.json': getPath(
    'jwks',
    'Get the public keys (JWKS)',
    {
      200: {
        ...answer('The keys.', keySet, exampleOf(keySet)),
        headers: { ...headers, 'Cache-Control': cacheControl },
      },
      400: badRequest('This host name is not allowed'),
    },
    'Also check `iss`, `aud`, `exp`, and that the header `typ` is `at+jwt`.',
  ),
  '/healthz': getPath('healthz', 'Liveness check', {
    200: answer('The process runs.', z.object({ status: status('ok') }), ok),
    400: malformed,
  }),
  '/readyz': getPath('readyz', 'Readiness check', {
    200: answer('Both are available.', readiness, { ...ok, parts: readyParts }),
    400: malformed,
    503: answer('One of them is unavailable.', readiness, {
      status: 'unavailable',
      parts: { ...readyParts, redis: redisOutage },
    }),
  }),
};
