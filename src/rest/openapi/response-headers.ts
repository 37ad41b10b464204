import type { oas31, ZodOpenApiComponentsObject } from 'zod-openapi';

/** A list of RFC 9651: names, each with two numbers. */
const listOf = (first: string, second: string): string => {
  const item = `"[A-Za-z]+";${first}=[0-9]+;${second}=[0-9]+`;
  return `^${item}(, ${item})*$`;
};

/** The headers that answers of the REST API have beside the usual ones. */
export const headers = {
  'Cache-Control': {
    description: 'Responses may contain tokens, so caches must not store them.',
    required: true,
    schema: { type: 'string', const: 'no-store' },
  },
  'X-Request-Id': {
    description:
      'By this the request is found in the log of the service. It is that of the request where a ' +
      'trusted proxy has sent one of 1 to 64 letters, digits, `-` and `_`; else it is a new UUID.',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
    example: '0f3a7c1e-5b62-4d8e-9a41-c7d20b96e853',
  },
  'RateLimit-Policy': {
    description:
      'The limits of your client (IPv4 address, or /64 of IPv6) that this request has counted ' +
      'for: how often (`q`) in how many seconds (`w`). `requests` is that of all requests. As ' +
      'draft-ietf-httpapi-ratelimit-headers-10 says.',
    required: true,
    schema: { type: 'string', pattern: listOf('q', 'w') },
    example: '"requests";q=1200;w=60, "logins";q=100;w=600',
  },
  RateLimit: {
    description:
      'What is left of each (`r`), and in how many seconds it begins anew (`t`). Limits of an ' +
      'e-mail address are not among them.',
    required: true,
    schema: { type: 'string', pattern: listOf('r', 't') },
    example: '"requests";r=1193;t=42, "logins";r=97;t=511',
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

type References = Record<string, oas31.ReferenceObject>;

/** References to some of them, for a response. */
export const headerRefs = (...names: HeaderName[]): References =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** References to those that every answer of an operation has, and to more. */
export const operationHeaders = (...more: HeaderName[]): References =>
  headerRefs('Cache-Control', 'X-Request-Id', 'RateLimit-Policy', 'RateLimit', ...more);
