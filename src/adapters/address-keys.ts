import { createHmac } from 'node:crypto';

export type AddressKeys = ReturnType<typeof createAddressKeys>;

/** Returns the Redis keys of an address. They do not reveal it: Redis never sees the HMAC key. */
export function createAddressKeys(key: Buffer) {
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  // The braces keep all keys of an address on one node of a Redis Cluster.
  const owner = (address: string) => `{${digest(address).toString('base64url')}}`;
  return {
    /** Hash with all rate-limit windows of the address and its newest challenges. */
    windows: (address: string) => `address:${owner(address)}`,
    challenge: (address: string, id: string) => `code:${owner(address)}:id:${id}`,
    /** Hash with the rate-limit windows of a mailbox. */
    mailbox: (mailbox: string) => `mailbox:${owner(mailbox)}`,
    /** Number of refusals by the mail server. */
    refusals: (address: string) => `refusals:${owner(address)}`,
    /** Number of always ten digits. Redis stores a set of such numbers in 4 bytes each. */
    member: (address: string) => 1e9 + (digest(address).readUInt32BE() % 1e9),
  };
}
