/** Returns the token in an `Authorization` header; an empty string if it contains anything else. */
export function bearerTokenOf(header: string | undefined): string | undefined {
  if (!header) return undefined;
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1] ?? '';
}
