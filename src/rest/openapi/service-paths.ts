import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { exampleOf } from './example.ts';
import { problemExample, problemSchemas } from './problem-schemas.ts';
import { headerRefs } from './response-headers.ts';

const always = <Value extends string>(value: Value) => z.literal(value).meta({ examples: [value] });

const base64url = (description: string, example: string) =>
  z
    .string()
    .regex(/^[\w-]+$/)
    .meta({ description, examples: [example] });

/** A public key of one algorithm (RFC 7517, RFC 7518 §6, RFC 8037 §2). */
const publicKey = <Members extends z.ZodRawShape>(members: Members) =>
  z.object({
    ...members,
    use: always('sig'),
    kid: base64url('The `kid` in token headers.', 'TnR8bq1mJ0Zk5y3nVQ2oXwE7dHcUaLfs9GpKiM4rBhY'),
  });

const ecKey = publicKey({
  kty: always('EC'),
  crv: always('P-256'),
  alg: always('ES256'),
  x: base64url('First coordinate.', 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4'),
  y: base64url('Second coordinate.', '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM'),
});

const okpKey = publicKey({
  kty: always('OKP'),
  crv: always('Ed25519'),
  alg: always('EdDSA'),
  x: base64url('The public key.', '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'),
});

const rsaKey = publicKey({
  kty: always('RSA'),
  alg: always('RS256'),
  n: base64url('Modulus.', 'u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffA'),
  e: base64url('Exponent.', 'AQAB'),
});

const keySet = z
  .object({
    keys: z.array(
      z.discriminatedUnion('kty', [ecKey, okpKey, rsaKey]).meta({
        description: 'Use a key with its `alg` only.',
        examples: [exampleOf(ecKey)],
      }),
    ),
  })
  .meta({ id: 'KeySet', description: 'Public keys that verify access tokens, RFC 7517.' });

const status = (...values: [string, ...string[]]) => z.enum(values).meta({ examples: [values[0]] });

const part = z.object({
  status: status('ok', 'limited', 'unavailable', 'unknown'),
  since: z.iso.datetime().optional().meta({ description: 'Since when it is unavailable.' }),
  reason: z.string().optional().meta({ description: 'Why it is limited or unavailable.' }),
});

const readiness = z
  .object({
    status: status('ok', 'unavailable'),
    parts: z.object({ postgresql: part, redis: part, queue: part, mail: part }),
  })
  .meta({
    id: 'Readiness',
    description:
      'The state of each part. Without `queue` and `mail` the service is still ready: mails wait. The worker reports `mail`; it is `unknown` if no worker has reported for a minute. `redis` is `limited` when its memory is nearly full: only known clients are served.',
  });

const ok = { status: 'ok' };
const ready = { status: 'ok', parts: { postgresql: ok, redis: ok, queue: ok, mail: ok } };
const unready = {
  status: 'unavailable',
  parts: {
    postgresql: ok,
    redis: {
      status: 'unavailable',
      since: '2026-11-22T19:36:05.123Z',
      reason: 'connection refused',
    },
    queue: ok,
    mail: ok,
  },
};

const json = (schema: z.ZodObject, example: unknown = exampleOf(schema)) => ({
  'application/json': { schema, example },
});

const service = ({
  responses,
  ...operation
}: Omit<ZodOpenApiOperationObject, 'tags' | 'security'>) => ({
  get: {
    tags: ['Service'],
    security: [],
    ...operation,
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [
        status,
        {
          ...response,
          headers: { ...headerRefs('Cache-Control', 'X-Request-Id'), ...response.headers },
        },
      ]),
    ),
  },
});

const badRequest = (description: string, detail: string) => ({
  description,
  content: {
    'application/problem+json': {
      schema: problemSchemas['bad-request'],
      example: problemExample('bad-request', detail),
    },
  },
});

const unreadable = badRequest('The request is malformed.', 'The request is malformed');

/** Routes beside those of the table. */
export const servicePaths: ZodOpenApiPathsObject = {
  '/.well-known/jwks.json': service({
    operationId: 'jwks',
    summary: 'Keys that verify access tokens',
    description: 'Check `iss`, `aud`, `exp` and the header `typ`, which is `at+jwt`, as well.',
    responses: {
      200: {
        description: 'The keys.',
        headers: {
          'Cache-Control': {
            required: true,
            schema: { type: 'string', const: 'public, max-age=300' },
          },
        },
        content: json(keySet),
      },
      400: badRequest('The host name is not served here.', 'This host name is not served here'),
    },
  }),
  '/healthz': service({
    operationId: 'healthz',
    summary: 'Whether the process lives',
    responses: {
      200: { description: 'It does.', content: json(z.object({ status: status('ok') })) },
      400: unreadable,
    },
  }),
  '/readyz': service({
    operationId: 'readyz',
    summary: 'Whether PostgreSQL and Redis can be used',
    responses: {
      200: { description: 'Both do.', content: json(readiness, ready) },
      400: unreadable,
      503: { description: 'One of them is away.', content: json(readiness, unready) },
    },
  }),
};
