/**
 * Returns the name in a `Host` header in lower case, without port and final dot; undefined if the
 * header is malformed.
 */
export function hostName(header: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d+)?$/i.exec(header ?? '');
  if (!match || !URL.canParse(`http://${header}/`)) return undefined;
  return match[1]?.toLowerCase().replace(/\.$/, '');
}
