import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds of one step (RFC 6238 §5.2). */
const STEP = 30;
const DIGITS = 6;
/** Steps before and after the current one whose codes are accepted, for clocks that differ. */
const WINDOW = 1;
/** Bytes of a secret: as long as the output of SHA-1 (RFC 4226 §4). */
const SECRET_LENGTH = 20;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Encodes bytes as base32 without padding (RFC 4648 §6). */
export function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** Decodes base32 in upper case, without padding. */
export function bytesOfBase32(text: string): Buffer {
  const bits = Array.from(text, (char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** Creates a secret of 160 bits. */
export const createTotpSecret = (): Buffer => randomBytes(SECRET_LENGTH);

/** Returns the number of the step at a time. */
export const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / STEP);

/** Returns the code of a step (RFC 4226 §5.3 with SHA-1). */
export function totpCode(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** Returns the step whose code this is; undefined if it is none of the accepted ones. */
export function findStep(secret: Uint8Array, code: string, now: Date): number | undefined {
  const current = stepAt(now);
  const steps = Array.from({ length: 2 * WINDOW + 1 }, (_, index) => current - WINDOW + index);
  const given = Buffer.from(code);
  // Compares all of them, the newest last: a code may by chance be that of two steps.
  return steps.findLast((step) => {
    const expected = Buffer.from(totpCode(secret, step));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** Returns the URI that authenticator apps read from a QR code. They ignore other algorithms. */
export function totpUri(secret: Uint8Array, issuer: string, account: string): string {
  const label = [issuer, account].map(encodeURIComponent).join(':');
  const values = {
    secret: base32(secret),
    issuer,
    algorithm: 'SHA1',
    digits: DIGITS,
    period: STEP,
  };
  const query = Object.entries(values).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return `otpauth://totp/${label}?${query.join('&')}`;
}
