import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../errors.ts';

const CONTENT_TYPE = { 'content-type': 'application/problem+json' };

/** A refusal outside GraphQL, RFC 9457. */
export function problem(
  status: number,
  code: ErrorCode,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const body = bodyOf(status, code, detail);
  return new Response(body, { status, headers: { ...headers, ...CONTENT_TYPE } });
}

/** The same, where the request is too malformed to become a `Request`. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  code: ErrorCode,
  detail: string,
): void {
  const headers: OutgoingHttpHeaders = CONTENT_TYPE;
  response.writeHead(status, headers).end(bodyOf(status, code, detail));
}

function bodyOf(status: number, code: ErrorCode, detail: string): string {
  const title = STATUS_CODES[status];
  return JSON.stringify({ type: 'about:blank', title, status, detail, code });
}
