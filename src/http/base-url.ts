import type { Config } from '../config/load-config.ts';
import { hostName } from './host-name.ts';

/** Returns the URL by which a client reaches this service, from its `Host`. No final slash. */
export type BaseUrl = (host: string | undefined) => string;

/** Prefers `PUBLIC_URL` if it is set; otherwise uses the requested host, which has been checked. */
export function createBaseUrl({ givenPublicUrl, publicUrl }: Config): BaseUrl {
  return (host) => givenPublicUrl ?? (hostName(host) ? `http://${host}` : publicUrl);
}
