import type { Config } from '../config/load-config.ts';
import type { Edge, Step } from './request-state.ts';

/** Sets the headers of every response. Routes may override them, as pages do. */
export function securityHeaders({ config }: Edge): Step {
  const headers = createSecurityHeaders(config);
  return (state) => state.startHeaders(headers);
}

/** Creates the headers of every response. */
export function createSecurityHeaders({
  publicUrl,
}: Pick<Config, 'publicUrl'>): Readonly<Record<string, string>> {
  return {
    // Responses contain tokens (RFC 6749 §5.1; ASVS 5.0 14.3.2).
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // RFC 6797, ASVS 5.0 3.4.1. Plain HTTP must not have it.
    ...(publicUrl.startsWith('https:') && {
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    }),
  };
}
