import { hostName } from './base-url.ts';
import { problem } from './problem.ts';
import type { Edge, Step } from './request-state.ts';

/**
 * Rejects requests for hosts outside `ALLOWED_HOSTS`. Probes may use any host; so may services, because
 * proxies ask with the host of the application that they protect.
 */
export function allowedHost({ config }: Edge): Step {
  const patterns = config.allowedHosts.map((pattern) => pattern.toLowerCase());
  return (state) => {
    const allowed = state.isProbe || state.isService ? ['*'] : patterns;
    if (isAllowed(state.request.headers.host, allowed)) return undefined;
    const fault = problem('bad-request', 'This host name is not allowed');
    return state.reject(fault, config.publicUrl);
  };
}

/** Matches as in Django: an exact name, `.example.com` with subdomains, or `*`. Ignores the port. */
function isAllowed(header: string | undefined, patterns: readonly string[]): boolean {
  const host = hostName(header);
  // HTTP/1.0 does not have the header. A malformed one fits no pattern.
  if (host === undefined) return header === undefined && patterns.includes('*');
  if (patterns.length === 0 || patterns.includes('*')) return true;
  return patterns.some(
    (pattern) =>
      host === pattern.replace(/^\./, '') || (pattern.startsWith('.') && host.endsWith(pattern)),
  );
}
