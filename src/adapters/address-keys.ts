import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { mailboxOf } from '../ports/mailbox-of.ts';

/** Addresses that a process remembers: a request needs the digest of its address several times. */
const MAX_RECENT = 1000;

export type AddressKeys = ReturnType<typeof createAddressKeys>;

/**
 * Returns the Redis keys of an address. They do not reveal it: Redis never sees the HMAC key.
 *
 * @param isCluster whether Redis is a cluster. It stores keys with the same text in braces on one node,
 *   as a script requires that uses the keys of an address and of its mailbox
 */
export function createAddressKeys(key: Buffer, isCluster: boolean) {
  const recent = new LRUCache<string, Buffer>({ max: MAX_RECENT });
  const digest = (text: string): Buffer => {
    const known = recent.get(text);
    if (known) return known;
    const made = createHmac('sha256', key).update(text).digest();
    recent.set(text, made);
    return made;
  };
  const nameOf = (text: string) => digest(text).toString('base64url');
  const owner = (address: string) => {
    const mailbox = isCluster ? mailboxOf(address) : address;
    return `{${nameOf(mailbox)}}${mailbox === address ? '' : nameOf(address)}`;
  };
  return {
    /** Hash with all rate-limit windows of the address and its newest challenges. */
    windows: (address: string) => `address:${owner(address)}`,
    challenge: (address: string, id: string) => `code:${owner(address)}:id:${id}`,
    /** Hash with the rate-limit windows of the mailbox of an address. */
    mailbox: (address: string) => `mailbox:{${nameOf(mailboxOf(address))}}`,
    /** Number of refusals by the mail server. */
    refusals: (address: string) => `refusals:${owner(address)}`,
    /** Number of always ten digits. Redis stores a set of such numbers in 4 bytes each. */
    member: (address: string) => 1e9 + (digest(address).readUInt32BE() % 1e9),
  };
}
