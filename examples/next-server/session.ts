import { createClient, type GatehouseClient } from '@gatehouse/client';

interface Cookies {
  get(name: string): { readonly value: string } | undefined;
  set(name: string, value: string, options: object): unknown;
}

const url = process.env.GATEHOUSE_URL ?? 'http://localhost:8000';
const maxAge = 30 * 24 * 60 * 60;
const options = { httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge };

/** Creates a client for one request. Its session is in a cookie that no script can read. */
export function createRequestClient(cookies: Cookies, headers: Headers): GatehouseClient {
  const clientIp = headers.get('x-forwarded-for');
  return createClient({
    url,
    storageKey: '__Host-session',
    // Gives each user rate limits of their own, if TRUST_PROXY of Gatehouse lists this server.
    headers: clientIp ? { 'x-forwarded-for': clientIp } : {},
    storage: {
      getItem: (key) => cookies.get(key)?.value,
      setItem: (key, value) => void cookies.set(key, value, options),
      // Browsers ignore a change of a `__Host-` cookie without these attributes.
      removeItem: (key) => void cookies.set(key, '', { ...options, maxAge: 0 }),
    },
  });
}
