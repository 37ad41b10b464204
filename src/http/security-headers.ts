import type { Config } from '../config.ts';

/** What every answer says to browsers; a page of ours opens in its own policy what it needs. */
export function securityHeaders({ publicUrl }: Pick<Config, 'publicUrl'>): Headers {
  return new Headers({
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
