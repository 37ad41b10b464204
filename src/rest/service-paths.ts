import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { problemTypes } from '../problems.ts';
import { exampleOf } from './example.ts';
import { problemSchemas, typeOf } from './problem-schemas.ts';
import { headerRefs } from './response-headers.ts';

const always = <Value extends string>(value: Value) => z.literal(value).meta({ examples: [value] });

const keySet = z
  .object({
    keys: z.array(
      z.object({
        kty: always('OKP'),
        crv: always('Ed25519'),
        alg: always('EdDSA'),
        use: always('sig'),
        kid: z.string().meta({
          description: 'As in the header of the token.',
          examples: ['TnR8bq1mJ0Zk5y3nVQ2oXwE7dHcUaLfs9GpKiM4rBhY'],
        }),
        x: z.string().meta({
          description: 'The public key.',
          examples: ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
        }),
      }),
    ),
  })
  .meta({ id: 'KeySet', description: 'Public keys that verify access tokens, RFC 7517.' });

const status = (...values: [string, ...string[]]) => z.enum(values).meta({ examples: [values[0]] });

const part = z.object({
  status: status('ok', 'unavailable'),
  since: z.iso.datetime().optional().meta({ description: 'Since when it is away.' }),
});

const readiness = z
  .object({
    status: status('ok', 'unavailable'),
    parts: z.object({ postgresql: part, redis: part }),
  })
  .meta({ id: 'Readiness', description: 'Which parts answer.' });

const ready = { status: 'ok', parts: { postgresql: { status: 'ok' }, redis: { status: 'ok' } } };
const unready = {
  status: 'unavailable',
  parts: {
    postgresql: { status: 'ok' },
    redis: { status: 'unavailable', since: '2026-11-22T19:36:05.123Z' },
  },
};

const json = (schema: z.ZodObject, example: unknown = exampleOf(schema)) => ({
  'application/json': { schema, example },
});

const unknownHost = {
  type: typeOf('bad-request'),
  title: problemTypes['bad-request'].title,
  status: 400,
  detail: 'This host name is not served here',
  code: 'BAD_REQUEST',
};

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
      400: {
        description: 'The host name is not served here.',
        content: {
          'application/problem+json': {
            schema: problemSchemas['bad-request'],
            example: unknownHost,
          },
        },
      },
    },
  }),
  '/healthz': service({
    operationId: 'healthz',
    summary: 'Whether the process lives',
    responses: {
      200: { description: 'It does.', content: json(z.object({ status: status('ok') })) },
    },
  }),
  '/readyz': service({
    operationId: 'readyz',
    summary: 'Whether PostgreSQL and Redis answer',
    responses: {
      200: { description: 'Both do.', content: json(readiness, ready) },
      503: { description: 'One of them is away.', content: json(readiness, unready) },
    },
  }),
};
