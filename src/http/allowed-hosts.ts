/**
 * Whether a `Host` header names one of `patterns`, with Django's meaning: an exact name,
 * `.example.com` for the domain and all below it, or `*` for any. The port does not count.
 */
export function isAllowedHost(header: string | undefined, patterns: readonly string[]): boolean {
  const host = hostName(header);
  // HTTP/1.0 knows no such header; a malformed one is nobody's.
  if (host === undefined) return header === undefined && patterns.includes('*');
  if (patterns.length === 0 || patterns.includes('*')) return true;
  return patterns.some((text) => {
    const pattern = text.toLowerCase();
    return pattern.startsWith('.')
      ? host === pattern.slice(1) || host.endsWith(pattern)
      : host === pattern;
  });
}

/** The name in a `Host` header, lower case, without port and final dot; undefined if malformed. */
export function hostName(header: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d+)?$/i.exec(header ?? '');
  if (!match || !URL.canParse(`http://${header}/`)) return undefined;
  return match[1]?.toLowerCase().replace(/\.$/, '');
}
