import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

// The description of each shape completes "VARIABLE must be …" in messages.

const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
const hostName = new RegExp(`^(?=.{1,253}$)(?!\\d+(\\.\\d+)*$)${label}(\\.${label})*$`, 'i');

/** A text that `read` converts. `read` throws an error whose message describes the problem. */
export const converted = <T>(read: (text: string) => T) =>
  z.string().transform((text, { addIssue }) => {
    try {
      return read(text);
    } catch (error) {
      addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });

export const yesNo = z
  .stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] })
  .describe('`true` or `false`');

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .describe(`a whole number from ${min} to ${max}`);

export const port = whole(0, 65_535).describe('a port number from 0 to 65535');

export const host = z
  .string()
  .transform((text) => text.replace(/^\[(.+)\]$/, '$1'))
  .pipe(z.union([z.ipv4(), z.ipv6(), z.string().regex(hostName)]))
  .describe('an IP address or a host name, without scheme, port or path');

/** Items separated by commas or spaces. */
export const list = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''));

const domain = /^\.?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Mail domains in lower case; a leading dot includes subdomains. */
export const domains = list
  .pipe(z.array(z.string().toLowerCase().regex(domain)))
  .describe('mail domains like example.com, separated by commas');

const quoted = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ');

export const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  z.enum(words).describe(`one of ${quoted(words)}`);

/** Names of claims, each at most once: a field of the account, or a key of its metadata. */
export const claimNames = list
  .pipe(
    z
      .array(z.string().regex(/^(email|email_verified|metadata\.[A-Za-z_][\w-]{0,63})$/))
      .transform((names) => [...new Set(names)]),
  )
  .describe('a list of `email`, `email_verified` and keys of the metadata such as `metadata.plan`');

const url = (...protocols: string[]) =>
  z.string().refine((text) => {
    const parsed = URL.parse(text);
    return parsed !== null && protocols.includes(parsed.protocol) && parsed.hostname !== '';
  });

/** A web address without a final slash. Rejects addresses that a browser would rewrite. */
export const webAddress = url('http:', 'https:')
  .pipe(
    converted((given) => {
      const text = given.replace(/\/+$/, '');
      const { origin, pathname, username, password } = new URL(text);
      const canonical = origin + pathname.replace(/\/$/, '');
      if (text === canonical) return text;
      throw new Error(username || password ? 'remove user and password' : `write \`${canonical}\``);
    }),
  )
  .describe('a URL like https://auth.example.com');

/** A claim of tokens (RFC 7519 §2, StringOrURI). */
export const claim = z
  .string()
  .regex(/^[!-~]{1,500}$/)
  .refine((text) => !text.includes(':') || URL.canParse(text))
  .describe('a URI, or a word without spaces');

/** A URL without user and password, in its normalized form. */
const resource = (...protocols: string[]) =>
  url(...protocols)
    .transform((text) => new URL(text))
    .refine(({ username, password }) => username === '' && password === '')
    .transform(({ href }) => href);

/** A page of another service. Its normalized form is safe in a header. */
export const page = resource('http:', 'https:').describe(
  'a URL like https://app.example.com/settings/password',
);

/** An image in mails. */
export const image = resource('https:').describe('a URL like https://app.example.com/logo.png');

/** A colour in the notation that every mail client supports. */
export const colour = z
  .string()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/)
  .describe('a colour like #4f46e5');

/** A name that people read. */
export const displayName = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,64}$/u)
  .refine((text) => text.isWellFormed())
  .describe('a name of at most 64 characters');

export const folder = z.string().min(1).describe('the path of a folder');

export const fraction = z
  .string()
  .regex(/^(0?\.\d+|[01](\.0*)?)$/)
  .transform(Number)
  .describe('a number from 0 to 1');

/** The address of an OpenTelemetry collector. */
export const collector = url('http:', 'https:').describe('a URL like http://localhost:4318');

/** A name of an exporter, or several. */
export const word = z
  .string()
  .regex(/^[\w,./-]{1,100}$/)
  .describe('a word without spaces, such as `otlp`');

/** A contact address (RFC 9116 §2.5.3): a URI of one line. */
export const contact = z
  .union([
    z.string().regex(/^mailto:[!-?A-~]+@[!-?A-~]+$/),
    z
      .string()
      .regex(/^[!-~]+$/)
      .pipe(url('https:')),
  ])
  .describe('an address like mailto:security@example.com or https://example.com/security');

/** A secret that is neither published nor easy to guess. */
export const secret = z
  .string()
  .min(32)
  .refine(
    (text) =>
      new Set(text).size >= 10 &&
      !/^(django-insecure|change|replace|your[-_ ]|<|\$\(|`)/i.test(text),
  )
  .describe('at least 32 random characters (generate them with `openssl rand -base64 48`)');

/** Certificates in PEM, or the path of a file with them. Returns the PEM. */
export const certificates = converted((text) => {
  try {
    const isPem = text.includes('-----BEGIN');
    const pem = isPem ? text.replaceAll('\\n', '\n') : readFileSync(text, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch {
    throw new Error('the file or text contains no valid PEM certificate');
  }
}).describe('the path of a readable PEM file with certificates, or the PEM text itself');

/** A place for checkpoints of the audit log, which must not change with the database. */
export type Witness =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'mail'; readonly address: string };

/** A witness of the audit log. */
export const witness = converted((text): Witness => {
  const { protocol, hostname, pathname, search, hash } = URL.parse(text) ?? {};
  if (protocol === 'file:' && hostname === '' && pathname && !pathname.endsWith('/')) {
    return { kind: 'file', path: fileURLToPath(text) };
  }
  const url = text.endsWith('/') ? text : `${text}/`;
  if (protocol === 'https:' && !search && !hash) return { kind: 'url', url };
  if (/^mailto:[!-?A-~]+@[!-?A-~]+$/.test(text)) return { kind: 'mail', address: text.slice(7) };
  throw new Error('');
}).describe(
  'a URL like file:///var/lib/gatehouse/witness.jsonl, https://bucket.example.com/gatehouse/ or mailto:audit@example.com',
);
