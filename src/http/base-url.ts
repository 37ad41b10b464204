import type { Config } from '../config/load-config.ts';

/** Returns the URL by which a client reaches this service, from its `Host`. No final slash. */
export type BaseUrl = (host: string | undefined) => string;

/** Prefers `PUBLIC_URL` if it is set; otherwise uses the requested host, which has been checked. */
export function createBaseUrl({ givenPublicUrl, publicUrl }: Config): BaseUrl {
  return (host) => givenPublicUrl ?? (hostName(host) ? `http://${host}` : publicUrl);
}

/** Returns the name in a `Host` header: lower case, no port or final dot; undefined if malformed. */
export function hostName(header: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d+)?$/i.exec(header ?? '');
  if (!match || !URL.canParse(`http://${header}/`)) return undefined;
  return match[1]?.toLowerCase().replace(/\.$/, '');
}
