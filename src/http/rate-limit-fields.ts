import type { ServerResponse } from 'node:http';
import type { Standing } from '../client-ports.ts';

/**
 * Shows a client how it stands with its own budgets, before it meets their end: in the fields
 * `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10. The budgets of
 * e-mail addresses are no client's own, and never shown.
 */
export function createRateLimitFields(response: ServerResponse): (standing: Standing) => void {
  const shown = new Map<string, Standing>();
  return (standing) => {
    // An operation that has taken too long was answered without its end.
    if (response.headersSent) return;
    shown.set(standing.name, standing);
    const standings = [...shown.values()];
    const policies = standings.map(
      ({ name, limit }) => `"${name}";q=${limit.max};w=${limit.seconds}`,
    );
    // After a limit was lowered, usage may exceed it.
    const limits = standings.map(
      ({ name, left, wait }) => `"${name}";r=${Math.max(0, left)};t=${wait}`,
    );
    response.setHeader('ratelimit-policy', policies.join(', '));
    response.setHeader('ratelimit', limits.join(', '));
  };
}
