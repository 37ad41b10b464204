import type { Config } from '../config/load-config.ts';

/**
 * Headers of every response. A route may override them: a page relaxes the policy where it needs
 * to, and a public document sets how long it may be cached.
 */
export function securityHeaders({ publicUrl }: Pick<Config, 'publicUrl'>): Headers {
  return new Headers({
    // Tokens are among the responses (RFC 6749 §5.1; ASVS 5.0 14.3.2).
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // RFC 6797, ASVS 5.0 3.4.1. Where clients come by plain HTTP, it must not be said.
    ...(publicUrl.startsWith('https:') && {
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    }),
  });
}
