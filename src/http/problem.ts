import type { ErrorCode } from '../errors.ts';

/** A refusal outside GraphQL, RFC 9457. */
export function problem(
  status: number,
  title: string,
  detail: string,
  code: ErrorCode,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title, status, detail, code }), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
}
