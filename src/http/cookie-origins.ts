import { LRUCache } from 'lru-cache';
import { getDomain } from 'tldts';
import type { Config } from '../config/load-config.ts';
import { hostName } from './base-url.ts';

/** Whether pages of an origin may use the session cookie. `host` is the header of the request. */
export type TrustsOrigin = (origin: string | undefined, host: string | undefined) => boolean;

/** Origins and hosts whose result is remembered. */
const REMEMBERED = 1000;

type Settings = Pick<Config, 'publicUrl' | 'givenPublicUrl' | 'corsOrigins'>;

/**
 * Recognizes pages of this service's own host. Browsers set `Origin` and `Host`, so no page can
 * pretend to be one.
 */
export function createOwnOrigins({ publicUrl }: Settings): TrustsOrigin {
  const { origin: own, protocol } = new URL(publicUrl);
  return (origin, host) => {
    if (origin === undefined || hostName(host) === undefined) return origin === own;
    // Plain HTTP is no own origin of an installation with TLS: anyone on the network can write it.
    const isPlain = protocol === 'http:' && origin === `http://${host}`;
    return origin === own || origin === `https://${host}` || isPlain;
  };
}

/**
 * Recognizes pages of other hosts that may use the cookie: exact entries of `CORS_ORIGINS` on the
 * same site as `PUBLIC_URL`, or as the requested host if that is not set.
 */
export function createTrustedOrigins(settings: Settings): TrustsOrigin {
  const { corsOrigins, givenPublicUrl, publicUrl } = settings;
  const listed = new Set(corsOrigins.filter((origin) => !origin.includes('*')));
  const { protocol } = new URL(publicUrl);
  const known = new LRUCache<string, boolean>({
    max: REMEMBERED,
    memoMethod: (pair) => {
      const [origin = '', host = ''] = pair.split(' ');
      const own = givenPublicUrl ?? `${protocol}//${host}`;
      const site = siteOf(origin);
      return site !== undefined && site === siteOf(own);
    },
  });
  return (origin, host) =>
    origin !== undefined &&
    listed.has(origin) &&
    known.memo(`${origin} ${givenPublicUrl ? '' : hostName(host)}`);
}

/**
 * Returns the scheme and registrable domain of a URL, as browsers compare them for `SameSite`. An IP
 * address and a name like `localhost` is a site of its own.
 */
function siteOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url?.hostname) return undefined;
  const domain = getDomain(url.hostname, { allowPrivateDomains: true });
  return `${url.protocol}//${domain ?? url.hostname}`;
}
