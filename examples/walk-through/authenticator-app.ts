import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Seconds for which an app shows a code. */
const STEP = 30;

/** An authenticator app (RFC 6238), as users have one on their telephone. */
export class AuthenticatorApp {
  readonly #key: Buffer;

  /** @param secret in base32 */
  constructor(secret: string) {
    const bits = Array.from(secret, (char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0'));
    const bytes = bits.join('').match(/.{8}/g) ?? [];
    this.#key = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  }

  /** The code that it shows now, or after some steps. */
  code(later = 0): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP) + later));
    const mac = createHmac('sha1', this.#key).update(counter).digest();
    const number = mac.readUInt32BE(mac.readUInt8(19) & 0xf) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  }
}
