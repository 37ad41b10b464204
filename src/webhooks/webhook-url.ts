import { isIP } from 'node:net';
import { kindOfAddress } from './receiver-address.ts';

/**
 * Returns a function that decides whether a webhook may connect to an address.
 *
 * @param allowPrivate whether private networks and loopback are open, also without TLS
 */
export const allowedAddresses =
  (allowPrivate: boolean) =>
  (address: string, isSecure: boolean): boolean => {
    const kind = kindOfAddress(address);
    return kind === 'public' ? isSecure : kind === 'private' && allowPrivate;
  };

/**
 * Checks the URL of a receiver. Names are resolved and checked at each attempt.
 *
 * @returns the problem, if there is one
 */
export function problemOfUrl(text: string, allowPrivate: boolean): string | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && allowPrivate)) {
    return 'Enter an https:// URL.';
  }
  if (url.username || url.password) return 'Remove user and password from the URL.';
  if (url.hash || text.endsWith('#')) return 'Remove the fragment from the URL.';
  const host = url.hostname.replace(/^\[(.+)\]$/, '$1');
  const isLocal = /(^|\.)localhost\.?$/.test(host);
  const address = isLocal ? '127.0.0.1' : host;
  const isAddress = isIP(address) !== 0;
  const isAllowed = allowedAddresses(allowPrivate)(address, url.protocol === 'https:');
  return isAddress && !isAllowed ? 'The URL must lead to a public address.' : undefined;
}
