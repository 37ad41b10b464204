import { getDomain } from 'tldts';
import { z } from 'zod';
import { converted, host, list } from './setting-shapes.ts';

/** Domain of a relying party of WebAuthn: a host name that is no IP address and no public suffix. */
export const rpId = converted((text) => {
  const name = text.toLowerCase();
  if (text.includes('://')) throw new Error('write the host name, without scheme, port or path');
  if (!host.safeParse(name).success || name.includes(':') || /^[\d.]+$/.test(name)) {
    throw new Error('browsers accept no IP address here; write a host name');
  }
  if (name !== 'localhost' && !isRegistrable(name)) {
    throw new Error('anyone can register below this domain; write your own, like `example.com`');
  }
  return name;
}).describe('a domain like example.com');

/** Whether a name is a registrable domain or below one. */
const isRegistrable = (name: string) => getDomain(name, { allowPrivateDomains: true }) !== null;

const app = /^android:apk-key-hash:[\w-]{43}$/;

/** Origins of pages and apps that may use passkeys, as WebAuthn's client data names them. */
export const webAuthnOrigins = list
  .pipe(
    z.array(
      converted((entry) => {
        if (app.test(entry)) return entry;
        const url = URL.parse(entry);
        if (!url || url.origin === 'null' || entry.includes('*')) {
          throw new Error(`\`${shown(entry)}\`: write an origin, like \`https://app.example.com\``);
        }
        if (url.origin !== entry) throw new Error(`write \`${url.origin}\``);
        if (url.protocol === 'https:' || /^http:\/\/localhost(:|$)/.test(entry)) return entry;
        throw new Error('browsers offer passkeys on `https:` only, and on `http://localhost`');
      }),
    ),
  )
  .describe('origins like https://app.example.com separated by commas');

const shown = (entry: string) => entry.replace(/[^\w.:/*-]/g, '').slice(0, 80);
