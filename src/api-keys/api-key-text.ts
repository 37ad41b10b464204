import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Beginning of every key. */
export const PREFIX = 'gk_';

/** Characters of the random part: 256 bits in base 36. */
const RANDOM = 50;
/** Characters of the checksum: CRC-32 of the random part in base 36. */
const CHECKSUM = 7;
/** Characters that the list of keys shows. They leave more than 200 secret bits. */
const START = 11;

const PATTERN = new RegExp(`^${PREFIX}([0-9a-z]{${RANDOM}})([0-9a-z]{${CHECKSUM}})$`);

const inBase36 = (value: bigint | number, length: number) =>
  value.toString(36).padStart(length, '0');

const checksumOf = (random: string) => inBase36(crc32(random), CHECKSUM);

/** Makes a key. Prefix and checksum let scanners recognize a leaked one without asking the server. */
export function newApiKey(): string {
  const random = inBase36(BigInt(`0x${randomBytes(32).toString('hex')}`), RANDOM);
  return `${PREFIX}${random}${checksumOf(random)}`;
}

/** Returns whether a text has the form of a key. Rejects others without a statement. */
export function isApiKey(text: string): boolean {
  const [, random, checksum] = PATTERN.exec(text) ?? [];
  return random !== undefined && checksum === checksumOf(random);
}

/** The beginning of a key, by which administrators recognize it. */
export const startOf = (key: string): string => key.slice(0, START);

/** SHA-256 suffices: a key cannot be guessed, unlike a password (ASVS 5.0 11.4.2, 11.5.1). */
export const apiKeyHash = (key: string): string => hash('sha256', key, 'base64url');
