import { hostName } from './host-name.ts';
import { problem } from './problem.ts';
import type { Edge, Step } from './request-state.ts';

/** Refuses a request for a host that `ALLOWED_HOSTS` does not name. Probes may name any host. */
export function allowedHost({ config }: Edge): Step {
  return (state) => {
    const patterns = state.isProbe ? ['*'] : config.allowedHosts;
    if (isAllowedHost(state.request.headers.host, patterns)) return undefined;
    const refusal = problem('bad-request', 'This host name is not served here');
    return state.refuse(refusal, config.publicUrl);
  };
}

/**
 * Whether a `Host` header fits one of the patterns, as in Django: an exact name, `.example.com` for
 * the domain and its subdomains, or `*` for any. Ignores the port.
 */
function isAllowedHost(header: string | undefined, patterns: readonly string[]): boolean {
  const host = hostName(header);
  // HTTP/1.0 does not have the header. A malformed one fits no pattern.
  if (host === undefined) return header === undefined && patterns.includes('*');
  if (patterns.length === 0 || patterns.includes('*')) return true;
  return patterns.some((text) => {
    const pattern = text.toLowerCase();
    return pattern.startsWith('.')
      ? host === pattern.slice(1) || host.endsWith(pattern)
      : host === pattern;
  });
}
