import type { Config } from '../config/load-config.ts';
import { hostName } from './allowed-hosts.ts';

/** Where a client reaches this service, without a final slash, seen from its `Host` header. */
export type BaseUrl = (host: string | undefined) => string;

/** `PUBLIC_URL` where it was given, else the host that was asked for; it has been checked. */
export function createBaseUrl({ givenPublicUrl, publicUrl }: Config): BaseUrl {
  return (host) => givenPublicUrl ?? (hostName(host) ? `http://${host}` : publicUrl);
}
