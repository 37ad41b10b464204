import { randomBytes } from 'node:crypto';
import type { Log } from '../ports/logger.ts';

/** Parameters of argon2id. Memory in KiB. */
export interface Argon2Parameters {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** Argon2id, version 19, with hashes as PHC strings. Runs in libuv's thread pool. */
export interface Argon2 {
  hash(password: string | Buffer, parameters: Argon2Parameters): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
}

/** Loads the faster of two implementations, or the other one where no binary of it is installed. */
export async function loadArgon2(log: Log): Promise<Argon2> {
  try {
    const { hash, verify } = await import('@node-rs/argon2');
    return { hash, verify };
  } catch (cause) {
    const cure = 'Install production packages with `npm ci --omit=dev`, without --omit=optional.';
    const problem = 'cannot load @node-rs/argon2. Password hashes take twice as long.';
    log.warn({ cause: String(cause) }, `Argon2: ${problem} ${cure}`);
    return loadPortable();
  }
}

/** Wraps `argon2`, which writes its parameters in an order that other libraries do not read. */
async function loadPortable(): Promise<Argon2> {
  const { argon2id, hash, verify } = await import('argon2');
  return {
    async hash(password, parameters) {
      const salt = randomBytes(16);
      const options = { ...parameters, salt, type: argon2id, hashLength: 32, raw: true } as const;
      const tag = await hash(password, options);
      return phcPrefix(parameters) + [salt, tag].map(encode).join('$');
    },
    verify,
  };
}

/** Returns what precedes salt and tag, with the parameters in the order of the argon2 reference. */
export const phcPrefix = ({ memoryCost, timeCost, parallelism }: Argon2Parameters): string =>
  `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`;

/** PHC strings have no padding. */
const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
