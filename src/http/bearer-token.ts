/**
 * Returns the access token in an `Authorization` header; an empty text if the header contains
 * anything else.
 */
export function bearerTokenOf(header: string | null): string | undefined {
  if (!header) return undefined;
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1] ?? '';
}
