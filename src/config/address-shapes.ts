import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { converted, host, list } from './setting-shapes.ts';

/** Returns the prefix that names an entry in a message; empty if it could hold a password. */
const shown = (entry: string): string =>
  /^[\w.:/*[\]-]{1,80}$/.test(entry) ? `\`${entry}\`: ` : '';

/** A list whose entries are converted one by one. `read` throws the problem with an entry. */
const listOfEntries = (read: (entry: string) => string) =>
  list.pipe(
    z.array(
      converted((entry) => {
        try {
          return read(entry);
        } catch (problem) {
          throw new Error(shown(entry) + (problem as Error).message);
        }
      }),
    ),
  );

/** Host names in the syntax of Django's ALLOWED_HOSTS: exact, `.example.com` or `*`. */
export const hostPatterns = listOfEntries((entry) => {
  if (entry === '*') return entry;
  if (entry.includes('://')) throw new Error(`write ${hostOfUrl(entry)}, without scheme or path`);
  if (entry.startsWith('*.')) throw new Error(`write \`${entry.slice(1)}\``);
  const name = entry.replace(/\.$/, '').toLowerCase();
  if (isIPv6(name)) return `[${name}]`;
  if (/^\[.+\]$/.test(name) && isIPv6(name.slice(1, -1))) return name;
  if (/:\d+$/.test(name)) throw new Error('remove the port');
  const bare = name.replace(/^\./, '');
  if (host.safeParse(bare).success) return name;
  const ascii = domainToASCII(bare);
  throw new Error(ascii && ascii !== bare ? `write \`${ascii}\`` : 'not a host name');
}).describe('host names separated by commas');

function hostOfUrl(text: string): string {
  const name = URL.parse(text)?.hostname;
  return name ? `\`${name}\`` : 'the host name';
}

/** IP addresses and networks. */
export const networks = listOfEntries((entry) => {
  const isNetwork = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).safeParse(entry).success;
  if (isNetwork) return entry;
  throw new Error('write an IP address or network, for example `10.0.0.7` or `10.0.0.0/8`');
}).describe('IP addresses or CIDR networks separated by commas');

/**
 * Web origins as browsers send them, apps included (`capacitor://localhost`), each exact or with
 * one leading `*.` label.
 */
export const origins = listOfEntries((entry) => {
  if (entry === '*')
    throw new Error(
      'list each origin; a wildcard may replace one label, for example `https://*.example.com`',
    );
  if (entry === 'null')
    throw new Error('`null` is the origin of any sandboxed page; list your own origins');
  const [, scheme = '', wildcard = '', rest = ''] =
    /^([\w.+-]+:\/\/)(\*\.)?(.*)$/.exec(entry) ?? [];
  if (!scheme) throw new Error('add the scheme, for example `https://app.example.com`');
  const origin = rest.includes('*') ? undefined : originOf(scheme + rest);
  if (!origin)
    throw new Error('write only scheme, host and port, for example `https://app.example.com`');
  const canonical = wildcard ? origin.replace('://', '://*.') : origin;
  if (wildcard && !rest.includes('.'))
    throw new Error('a wildcard needs a domain after it, for example `https://*.example.com`');
  if (canonical !== entry) throw new Error(`write \`${canonical}\``);
  return entry;
}).describe('origins like https://app.example.com separated by commas');

/** Returns the origin of a URL; undefined for schemes whose pages have an opaque origin. */
function originOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || url.username || url.password || url.hostname === '') return undefined;
  const { protocol, origin, host: place } = url;
  if (protocol === 'http:' || protocol === 'https:') return origin;
  // The URL standard gives schemes of apps no origin, but browsers send one.
  const isApp =
    /^[a-z][a-z0-9.+-]*:$/.test(protocol) &&
    !/^(file|data|blob|javascript|ftp|wss?):$/.test(protocol);
  return isApp && /^[\w.:-]+$/.test(place) ? `${protocol}//${place.toLowerCase()}` : undefined;
}

const address = /^[!#$%&'*+/0-9=?A-Z^_`a-z{|}~.-]+@(?<domain>[^\s@]+)$/;

/** `a@b.c`, `Name <a@b.c>` or `"Name, Inc." <a@b.c>`. */
export const mailbox = converted((text) => {
  const [, given = '', angled] = /^(.*?)\s*<([^<>]*)>$/.exec(text) ?? [];
  const mail = angled ?? text;
  const domain = address.exec(mail)?.groups?.domain ?? '';
  const name = displayName(given);
  if (host.safeParse(domain).success && name !== undefined) return { name, address: mail };
  throw new Error('');
}).describe('an address like Gatehouse <no-reply@example.com>');

/** Returns a display name without its quotes (RFC 5322 §3.2.4); undefined if it is invalid. */
function displayName(text: string): string | undefined {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/.exec(text) ?? [];
  if (/\p{Cc}/u.test(text)) return undefined;
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return /["<>]/.test(text) ? undefined : text;
}
