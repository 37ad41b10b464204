import {
  createCipheriv,
  createHash,
  pbkdf2,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Argon2 } from './argon2-library.ts';

/** A stored password hash of a known format. */
export interface StoredHash {
  /** The hash up to its salt. It decides how long a check takes. */
  readonly kind: string;
  /** Whether a check costs at most the cap. Otherwise it is never run. */
  readonly isAffordable: boolean;
  verify(password: string, argon2: Argon2): Promise<boolean>;
}

/** Named groups of a pattern that has matched, and the whole hash. */
type Fields = Readonly<Record<string, string>> & { readonly stored: string };

/** A format of hashes. The group `kind` of its pattern ends before the salt. */
interface Format {
  readonly pattern: RegExp;
  readonly isAffordable: (fields: Fields) => boolean;
  readonly verify: (fields: Fields, password: string, argon2: Argon2) => Promise<boolean>;
}

/** Highest costs of one check, about a second on one core. Memory in KiB. */
const cap = {
  pbkdf2Iterations: 2_000_000,
  bcryptLog2: 14,
  scryptBlocks: 2 ** 20,
  memory: 128 * 1024,
  argon2Passes: 512 * 1024,
  argon2Threads: 16,
};

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Decodes base64. Passlib writes `.` in place of `+`. */
const decode = (text = ''): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');

const isEqual = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

const number = (name: string) => String.raw`(?<${name}>[1-9]\d{0,9})`;
const SALT = String.raw`\$(?<salt>[\w+/.-]{1,128}={0,2})`;
/** Salt of Django, which is ASCII text. */
const TEXT = String.raw`\$(?<text>[\x20-\x23\x25-\x7e]{1,128})`;
/** 16 to 64 bytes: an empty tag would match every password. */
const TAG = String.raw`\$(?<tag>[\w+/.]{22,86}={0,2})`;

const saltOf = ({ salt, text }: Fields): Buffer =>
  text === undefined ? decode(salt) : Buffer.from(text);

async function verifyPbkdf2(fields: Fields, password: string): Promise<boolean> {
  const { digest = 'sha1', iterations } = fields;
  const tag = decode(fields.tag);
  const salt = saltOf(fields);
  return isEqual(await derivePbkdf2(password, salt, Number(iterations), tag.length, digest), tag);
}

/** Reads the parameters of scrypt, as Node names them. `ln` is the logarithm of N. */
const scryptCost = ({ n, ln, r, p }: Fields) => ({
  N: n === undefined ? 2 ** Number(ln) : Number(n),
  r: Number(r),
  p: Number(p),
});

function isAffordableScrypt(fields: Fields): boolean {
  const { N, r, p } = scryptCost(fields);
  const isPower = Number.isInteger(Math.log2(N));
  return isPower && (N * r) / 8 <= cap.memory && N * r * p <= cap.scryptBlocks;
}

const runScrypt = (fields: Fields, password: string, salt: Buffer, length: number) =>
  deriveScrypt(password, salt, length, { ...scryptCost(fields), maxmem: 2 ** 28 });

async function verifyScrypt(fields: Fields, password: string): Promise<boolean> {
  const tag = decode(fields.tag);
  return isEqual(await runScrypt(fields, password, saltOf(fields), tag.length), tag);
}

/** Encrypts the key of the project with a key from the password, as Firebase does. */
async function verifyFirebase(fields: Fields, password: string): Promise<boolean> {
  const salt = Buffer.concat([saltOf(fields), decode(fields.separator)]);
  const key = await runScrypt(fields, password, salt, 32);
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return isEqual(cipher.update(decode(fields.projectKey)), decode(fields.tag));
}

async function verifyBcrypt({ stored }: Fields, password: string): Promise<boolean> {
  const { default: library } = await import('bcrypt');
  const isWrapped = stored.startsWith('bcrypt_sha256');
  const given = isWrapped ? createHash('sha256').update(password).digest('hex') : password;
  // PHP calls the same algorithm `2y`.
  return library.compare(given, stored.slice(stored.indexOf('$2')).replace('$2y', '$2b'));
}

const format = (pattern: string, rest: Omit<Format, 'pattern'>): Format => ({
  pattern: new RegExp(`^${pattern}$`),
  ...rest,
});

const pbkdf2Rules = {
  isAffordable: ({ iterations }: Fields) => Number(iterations) <= cap.pbkdf2Iterations,
  verify: verifyPbkdf2,
};
const DIGEST = '(?<digest>sha(?:1|256|512))';
const FIREBASE_KEYS = String.raw`(?:,ss=(?<separator>[\w+/]*={0,2}))?,sk=(?<projectKey>[\w+/]+={0,2})`;
const ARGON2_COSTS = `m=${number('m')},(?:p=${number('q')},)?t=${number('t')}(?:,p=${number('p')})?`;

/** PHC strings, hashes of Django (which begin with a word), and of Firebase as Supabase has them. */
const formats: readonly Format[] = [
  format(
    String.raw`(?<kind>(?:argon2)?\$argon2(?:id|i|d)(?:\$v=\d+)?\$${ARGON2_COSTS})${SALT}${TAG}`,
    {
      isAffordable: ({ m, t, p, q }) =>
        Number(m) <= cap.memory &&
        Number(m) * Number(t) <= cap.argon2Passes &&
        Number(p ?? q) <= cap.argon2Threads,
      verify: ({ stored }, password, argon2) =>
        argon2.verify(stored.slice(stored.indexOf('$')), password),
    },
  ),
  format(String.raw`(?<kind>(?:bcrypt(?:_sha256)?\$)?\$2[aby]\$(?<cost>\d\d))\$[./A-Za-z0-9]{53}`, {
    isAffordable: ({ cost }) => Number(cost) <= cap.bcryptLog2,
    verify: verifyBcrypt,
  }),
  format(String.raw`(?<kind>pbkdf2_${DIGEST}\$${number('iterations')})${TEXT}${TAG}`, pbkdf2Rules),
  format(
    String.raw`(?<kind>\$pbkdf2(?:-${DIGEST})?\$(?:i=)?${number('iterations')}(?:,l=\d+)?)${SALT}${TAG}`,
    pbkdf2Rules,
  ),
  format(String.raw`(?<kind>scrypt\$${number('n')})${TEXT}\$${number('r')}\$${number('p')}${TAG}`, {
    isAffordable: isAffordableScrypt,
    verify: verifyScrypt,
  }),
  format(
    String.raw`(?<kind>\$scrypt\$ln=${number('ln')},r=${number('r')},p=${number('p')})${SALT}${TAG}`,
    { isAffordable: isAffordableScrypt, verify: verifyScrypt },
  ),
  format(
    String.raw`(?<kind>\$fbscrypt\$v=1,n=${number('ln')},r=${number('r')},p=${number('p')}${FIREBASE_KEYS})${SALT}${TAG}`,
    { isAffordable: isAffordableScrypt, verify: verifyFirebase },
  ),
];

/** Reads a stored hash. @returns undefined if its format is unknown */
export function readHash(stored: string): StoredHash | undefined {
  if (stored.length > 512) return undefined;
  for (const { pattern, isAffordable, verify } of formats) {
    const groups = pattern.exec(stored)?.groups;
    if (!groups) continue;
    const fields: Fields = { ...groups, stored };
    return {
      kind: groups.kind ?? '',
      isAffordable: isAffordable(fields),
      verify: (password, argon2) => verify(fields, password, argon2),
    };
  }
  return undefined;
}

/** Returns why a hash cannot be imported. Does not quote it: it may be a plain password. */
export function hashProblem(stored: string): string | undefined {
  const known = readHash(stored);
  if (!known) return 'the format of the password hash is unknown';
  return known.isAffordable ? undefined : 'the password hash costs more than the cap';
}
