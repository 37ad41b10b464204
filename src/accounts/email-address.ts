import { z } from 'zod';

const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const TOP_LABEL = '[a-z][a-z0-9-]{0,61}[a-z0-9]';
const ADDRESS = new RegExp(`^(?=.{1,64}@)${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${TOP_LABEL}$`);

const BLANK = 'This field may not be blank.';
const INVALID = 'Enter a valid email address.';

const isAddress = (text: string): boolean =>
  text.length <= 254 && /^[\x21-\x7e]+$/.test(text) && ADDRESS.test(text.toLowerCase());

/**
 * A canonical address: ASCII (`xn--` domains), lower case, no surrounding spaces (RFC 5321,
 * dot-atom).
 */
export const address = z
  .string()
  .trim()
  // Before lower-casing: some letters outside ASCII have an ASCII lower case.
  .refine(isAddress, { error: ({ input }) => (input === '' ? BLANK : INVALID) })
  .toLowerCase()
  .meta({
    description: 'An e-mail address. Surrounding spaces and letter case are ignored.',
    format: 'email',
    maxLength: 254,
    examples: ['ada@example.com'],
  });
