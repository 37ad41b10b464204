import { LRUCache } from 'lru-cache';
import type { Config } from '../config/load-config.ts';

/** Returns the URL by which a client reaches this service, from its `Host`. No final slash. */
export type BaseUrl = (host: string | undefined) => string;

/** Prefers `PUBLIC_URL` if it is set; otherwise uses the requested host, which has been checked. */
export function createBaseUrl({ givenPublicUrl, publicUrl }: Config): BaseUrl {
  return (host) => givenPublicUrl ?? (hostName(host) ? `http://${host}` : publicUrl);
}

/** Results for recent headers, because parsing takes microseconds. Names have at most 253 letters. */
const hostNames = new LRUCache<string, string>({ max: 100 });

/** Returns the name in a `Host` header: lower case, no port or final dot; undefined if malformed. */
export function hostName(header: string | undefined): string | undefined {
  const known = header && hostNames.get(header);
  if (known) return known;
  const name = parseHost(header);
  if (header && name && header.length < 300) hostNames.set(header, name);
  return name;
}

function parseHost(header: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d+)?$/i.exec(header ?? '');
  if (!match || !URL.canParse(`http://${header}/`)) return undefined;
  return match[1]?.toLowerCase().replace(/\.$/, '');
}
