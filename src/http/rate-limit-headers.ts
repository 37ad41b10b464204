import type { ServerResponse } from 'node:http';
import type { RateLimitStatus } from '../ports/rate-limits.ts';

/**
 * Creates a function that adds a client's own rate limit to the headers `RateLimit-Policy` and
 * `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10). Limits of e-mail addresses are never shown.
 */
export function createRateLimitHeaders(
  response: ServerResponse,
): (status: RateLimitStatus) => void {
  const shown = new Map<string, RateLimitStatus>();
  return (status) => {
    // A timed-out operation has already been answered.
    if (response.headersSent) return;
    shown.set(status.name, status);
    const list = (format: (status: RateLimitStatus) => string) =>
      Array.from(shown.values(), format).join(', ');
    response.setHeader(
      'ratelimit-policy',
      list(({ name, limit }) => `"${name}";q=${limit.max};w=${limit.seconds}`),
    );
    response.setHeader(
      'ratelimit',
      // After a limit was lowered, usage may exceed it.
      list(({ name, left, wait }) => `"${name}";r=${Math.max(0, left)};t=${wait}`),
    );
  };
}
