import type { ZodOpenApiComponentsObject, ZodOpenApiHeadersObject } from 'zod-openapi';

/** The headers that answers of the REST API have beside the usual ones. */
export const headers = {
  'Cache-Control': {
    description: 'Tokens are among the answers: nothing is to be stored.',
    required: true,
    schema: { type: 'string', const: 'no-store' },
  },
  'Retry-After': {
    description: 'Seconds to wait; the body says the same.',
    required: true,
    schema: { type: 'integer', minimum: 0 },
  },
  'WWW-Authenticate': {
    description: 'How to sign in, RFC 9110 §11.6.1.',
    required: true,
    schema: { type: 'string', const: 'Bearer realm="api"' },
  },
} as const satisfies ZodOpenApiComponentsObject['headers'];

export type HeaderName = keyof typeof headers;

/** References to some of them, for a response. */
export const headerRefs = (...names: HeaderName[]): ZodOpenApiHeadersObject =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
