import type { ServerResponse } from 'node:http';
import { sendProblem } from './problem.ts';

/**
 * Refuses a client that has sent too many requests, in the format of its transport.
 *
 * @param wait whole seconds
 * @param hint text that ends the message
 */
export function sendTooMany(
  response: ServerResponse,
  baseUrl: string,
  path: string,
  wait: number,
  hint: string,
): void {
  const message = `Too many requests from this IP${hint}`;
  response.setHeader('retry-after', wait);
  if (path !== '/graphql') {
    sendProblem(response, baseUrl, 'rate-limited', message, { retry_after: wait });
    return;
  }
  const extensions = { code: 'RATE_LIMITED', retryAfter: wait };
  response
    .writeHead(429, { 'content-type': 'application/json' })
    .end(JSON.stringify({ errors: [{ message, extensions }] }));
}
