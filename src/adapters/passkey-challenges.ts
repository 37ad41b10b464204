import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PasskeyChallenges, PasskeyPurpose } from '../ports/web-authn.ts';

// Bytes: a random name, the expiry in milliseconds, and HMAC-SHA-256 over all that binds it.
const NAME = 16;
const EXPIRY = 6;
const TAG = 32;

/** Creates challenges of WebAuthn (§13.4.3). @param keys 256 bits each: the current one first */
export function createPasskeyChallenges(
  keys: readonly [Buffer, ...Buffer[]],
  lifetime: number,
): PasskeyChallenges {
  return {
    lifetime,
    issue(purpose, owner, now) {
      const head = Buffer.alloc(NAME + EXPIRY);
      randomBytes(NAME).copy(head);
      head.writeUIntBE(now.getTime() + lifetime * 1000, NAME, EXPIRY);
      const tag = tagOf(keys[0], purpose, owner, head);
      return Buffer.concat([head, tag]).toString('base64url');
    },
    read(challenge, purpose, owner, now) {
      const bytes = Buffer.from(challenge, 'base64url');
      if (bytes.length !== NAME + EXPIRY + TAG) return undefined;
      const head = bytes.subarray(0, NAME + EXPIRY);
      const tag = bytes.subarray(NAME + EXPIRY);
      const isGenuine = keys.some((key) => timingSafeEqual(tag, tagOf(key, purpose, owner, head)));
      if (!isGenuine || head.readUIntBE(NAME, EXPIRY) <= now.getTime()) return undefined;
      return { id: `passkey:${head.toString('base64url', 0, NAME)}` };
    },
  };
}

const tagOf = (key: Buffer, purpose: PasskeyPurpose, owner: string, head: Buffer) =>
  createHmac('sha256', key).update(`${purpose} ${owner}\0`).update(head).digest();
