/** Returns the unverified token in an `Authorization` header; an empty string for other schemes. */
export function bearerTokenOf(header: string | undefined): string | undefined {
  if (!header) return undefined;
  return /^bearer /i.test(header) ? header.slice('bearer '.length) : '';
}
