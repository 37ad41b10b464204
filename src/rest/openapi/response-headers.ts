import type { oas31, ZodOpenApiComponentsObject } from 'zod-openapi';
import { challenges } from '../../http/problem.ts';

/** Pattern of a list (RFC 9651) of names with two numbers each. */
const listOf = (first: string, second: string): string => {
  const item = `"[A-Za-z]+";${first}=[0-9]+;${second}=[0-9]+`;
  return `^${item}(, ${item})*$`;
};

const header = (description: string, schema: oas31.SchemaObject, example?: string) => ({
  description,
  required: true,
  schema,
  ...(example && { example }),
});

/** Response headers of the REST API. */
export const headers = {
  'Cache-Control': header('Responses may contain tokens, so caches must not store them.', {
    type: 'string',
    const: 'no-store',
  }),
  'X-Request-Id': header(
    'Identifies the request in the log of the service. A trusted proxy can set it: 1 to 64 letters, digits, `-` and `_`. Otherwise it is a new UUID.',
    { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
    '0f3a7c1e-5b62-4d8e-9a41-c7d20b96e853',
  ),
  'RateLimit-Policy': header(
    'The rate limits that this request counted towards: `q` requests in `w` seconds. They apply to your IPv4 address or IPv6 /64 network. `requests` counts all requests (draft-ietf-httpapi-ratelimit-headers-10).',
    { type: 'string', pattern: listOf('q', 'w') },
    '"requests";q=1200;w=60, "logins";q=100;w=600',
  ),
  RateLimit: header(
    'For each limit, the requests left (`r`) and the seconds until its window ends (`t`). Limits per e-mail address are not shown.',
    { type: 'string', pattern: listOf('r', 't') },
    '"requests";r=1193;t=42, "logins";r=97;t=511',
  ),
  'Retry-After': header('Seconds to wait; the same value as in the body.', {
    type: 'integer',
    minimum: 0,
  }),
  'WWW-Authenticate': header(
    'The authentication scheme (RFC 9110 §11.6.1). For `STEP_UP_REQUIRED`, with the error of RFC 9470.',
    { type: 'string', enum: Object.values(challenges) },
  ),
} satisfies ZodOpenApiComponentsObject['headers'];

export type HeaderName = keyof typeof headers;

/** Refers to headers of a response. */
export const headerRefs = (...names: HeaderName[]): Record<string, oas31.ReferenceObject> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Refers to the headers of every API response and to the given ones. */
export const operationHeaders = (...more: HeaderName[]) =>
  headerRefs('Cache-Control', 'X-Request-Id', 'RateLimit-Policy', 'RateLimit', ...more);
