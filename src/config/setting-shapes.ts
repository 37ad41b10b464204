import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
const hostName = new RegExp(`^(?=.{1,253}$)(?!\\d+(\\.\\d+)*$)${label}(\\.${label})*$`, 'i');

/** Words for yes and no, in any case. */
export const yesNo = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off']))
  .transform((text) => ['true', '1', 'yes', 'on'].includes(text));

/** A whole number within these bounds. */
export const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));

/** A TCP port; 0 stands for any free one. */
export const port = whole(0, 65_535);

/** An IP address or a host name, without scheme or port. */
export const host = z
  .string()
  .transform((text) => text.replace(/^\[(.+)\]$/, '$1'))
  .pipe(z.union([z.ipv4(), z.ipv6(), z.string().regex(hostName)]));

/** Parted by commas or blanks. */
export const list = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''));

/** Mail domains in lower case; one leading dot stands for the domain and its subdomains. */
export const domains = list.pipe(
  z.array(
    z
      .string()
      .toLowerCase()
      .regex(/^\.?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/),
  ),
);

/** A list of these words, each at most once. */
export const listOf = <const Words extends readonly string[]>(words: Words) =>
  list.pipe(z.array(z.enum(words)).transform((items) => [...new Set(items)]));

/** Of one of these protocols, with a host. */
export const url = (...protocols: string[]) =>
  z.string().refine((text) => {
    const parsed = URL.parse(text);
    return parsed !== null && protocols.includes(parsed.protocol) && parsed.hostname !== '';
  });

/** A web address without a final slash. Refuses addresses that a browser would rewrite. */
export const webAddress = url('http:', 'https:')
  .transform((text) => text.replace(/\/+$/, ''))
  .superRefine((text, ctx) => {
    const { origin, pathname, username, password } = new URL(text);
    const canonical = origin + pathname.replace(/\/$/, '');
    if (text === canonical) return;
    const message = username || password ? 'remove user and password' : `write \`${canonical}\``;
    ctx.addIssue({ code: 'custom', message });
  });

/** A claim of tokens (RFC 7519 §2, StringOrURI). */
export const claim = z
  .string()
  .regex(/^[!-~]{1,500}$/)
  .refine((text) => !text.includes(':') || URL.canParse(text));

/** A page of another service; what it becomes is safe in a header. */
export const page = url('http:', 'https:')
  .transform((text) => new URL(text))
  .refine(({ username, password }) => username === '' && password === '')
  .transform(({ href }) => href);

/** Where people can be told something, RFC 9116 §2.5.3: a URI of one line. */
export const contact = z.union([
  z.string().regex(/^mailto:[!-?A-~]+@[!-?A-~]+$/),
  z
    .string()
    .regex(/^[!-~]+$/)
    .pipe(url('https:')),
]);

/** What nobody has published, nor could guess. */
export const secret = z
  .string()
  .min(32)
  .refine(
    (text) =>
      new Set(text).size >= 10 &&
      !/^(django-insecure|change|replace|your[-_ ]|<|\$\(|`)/i.test(text),
  );

/** Certificates in PEM, or the path of a file with them. Becomes the PEM. */
export const certificates = z.string().transform((text, { addIssue }) => {
  try {
    const pem = text.includes('-----BEGIN')
      ? text.replace(/\\n/g, '\n')
      : readFileSync(text, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch {
    addIssue('is not a certificate');
    return z.NEVER;
  }
});
