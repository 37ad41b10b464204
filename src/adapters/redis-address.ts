import type { ClusterNode, RedisOptions } from 'ioredis';
import { hostUrls } from '../errors/store-endpoint.ts';
import { Sentinels } from './redis-failures.ts';

/** The servers of a Redis URL, and how to connect to them. */
export interface RedisAddress {
  /** Options of a connection: credentials, TLS, and a host or sentinels. */
  readonly options: RedisOptions;
  /** Nodes of a Redis Cluster that name the others. */
  readonly nodes?: ClusterNode[];
}

/**
 * Parses a Redis URL.
 *
 * @param ca certificate of the authority that signs the server's; used with TLS only
 */
export function redisAddressOf(text: string, ca: string | undefined): RedisAddress {
  const urls = hostUrls(text);
  const first = new URL(urls[0]);
  const isSentinel = first.protocol.endsWith('+sentinel:');
  const hosts = urls.map((url) => {
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    return { host, port: Number(port) || (isSentinel ? 26_379 : 6379) };
  });
  const options = accessOf(first, ca);
  if (isSentinel)
    return { options: { ...options, ...primaryOf(first, options), sentinels: hosts } };
  const isCluster = hosts.length > 1 || first.searchParams.has('cluster');
  if (isCluster) return { options, nodes: hosts };
  return { options: { ...options, ...hosts[0], db: Number(first.pathname.slice(1)) } };
}

/** Returns credentials and TLS. */
function accessOf({ protocol, username, password, searchParams }: URL, ca: string | undefined) {
  return {
    family: Number(searchParams.get('family') ?? 0),
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol.startsWith('rediss') && { tls: { ...(ca && { ca }) } }),
  } satisfies RedisOptions;
}

/** Returns the name of the primary, and how to connect to sentinels: as to Redis itself. */
function primaryOf({ pathname }: URL, { username, password, tls }: RedisOptions): RedisOptions {
  const [, name = '', database = ''] = pathname.split('/');
  return {
    Connector: Sentinels,
    name,
    db: Number(database),
    ...(username && { sentinelUsername: username }),
    ...(password && { sentinelPassword: password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  };
}
