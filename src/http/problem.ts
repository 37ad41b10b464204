import type { ServerResponse } from 'node:http';
import { type ProblemName, problemTypes } from '../errors/problem-types.ts';

/** What a problem document may carry beside the members that all have. */
export interface ProblemOptions {
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A refusal outside GraphQL, RFC 9457.
 *
 * @param baseUrl where `type`, the address of a page about it, begins
 * @param detail for people; nothing that a client sent
 */
export function problem(
  baseUrl: string,
  name: ProblemName,
  detail: string,
  { members, headers }: ProblemOptions = {},
): Response {
  const { status } = problemTypes[name];
  return new Response(problemText(baseUrl, name, detail, members), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
}

/** The same, where the request is too malformed to become a `Request`. */
export function sendProblem(
  response: ServerResponse,
  baseUrl: string,
  name: ProblemName,
  detail: string,
  members: Readonly<Record<string, unknown>> = {},
): void {
  const body = problemText(baseUrl, name, detail, members);
  response
    .writeHead(problemTypes[name].status, {
      'content-type': 'application/problem+json',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}

/** Returns the text of a problem document. */
export function problemText(
  baseUrl: string,
  name: ProblemName,
  detail: string,
  members: Readonly<Record<string, unknown>> = {},
): string {
  const { status, title, code } = problemTypes[name];
  const type = `${baseUrl}/problems/${name}`;
  return JSON.stringify({ type, title, status, detail, code, ...members });
}
