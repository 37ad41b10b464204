import { z } from 'zod';

const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const TOP_LABEL = '[a-z][a-z0-9-]{0,61}[a-z0-9]';
const ADDRESS = new RegExp(`^(?=.{1,64}@)${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${TOP_LABEL}$`);

const invalidAddress = 'Enter a valid email address.';

/** A canonical address: no outer blanks, ASCII (`xn--` domains), lower case (RFC 5321, dot-atom). */
export const address = z
  .string()
  .trim()
  .max(254, { error: invalidAddress, abort: true })
  // Before lower-casing: some letters outside ASCII have an ASCII lower case.
  .regex(/^[\x21-\x7e]+$/, { error: invalidAddress, abort: true })
  .toLowerCase()
  .regex(ADDRESS, { error: invalidAddress });
