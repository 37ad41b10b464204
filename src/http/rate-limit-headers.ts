import type { ServerResponse } from 'node:http';
import type { RateLimitStatus } from '../ports/rate-limits.ts';

/**
 * Shows a client how it stands with its own rateLimits, before it meets their end: in the fields
 * `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10. The rateLimits of
 * e-mail addresses are no client's own, and never shown.
 */
export function createRateLimitHeaders(
  response: ServerResponse,
): (status: RateLimitStatus) => void {
  const shown = new Map<string, RateLimitStatus>();
  return (status) => {
    // An operation that has taken too long was answered without its end.
    if (response.headersSent) return;
    shown.set(status.name, status);
    const statuses = [...shown.values()];
    const policies = statuses.map(
      ({ name, limit }) => `"${name}";q=${limit.max};w=${limit.seconds}`,
    );
    // After a limit was lowered, usage may exceed it.
    const limits = statuses.map(
      ({ name, left, wait }) => `"${name}";r=${Math.max(0, left)};t=${wait}`,
    );
    response.setHeader('ratelimit-policy', policies.join(', '));
    response.setHeader('ratelimit', limits.join(', '));
  };
}
