import { createHmac } from 'node:crypto';

/** Names of Redis keys that belong to an address, without telling which it is. */
export interface AddressKeys {
  /** Key of a hash with all rate-limit windows of the address and its newest challenges. */
  windows(address: string): string;
  challenge(address: string, id: string): string;
  /** Key of a hash with the rate-limit windows of a mailbox. */
  mailbox(mailbox: string): string;
  /** Number that represents the address in the set of addresses that a client has touched. */
  member(address: string): number;
}

/** @param key 256 bits that Redis never sees */
export function createAddressKeys(key: Buffer): AddressKeys {
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  // The braces keep all keys of an address on one node of a Redis Cluster.
  const owner = (address: string) => `{${digest(address).toString('base64url')}}`;
  return {
    windows: (address) => `address:${owner(address)}`,
    challenge: (address, id) => `code:${owner(address)}:id:${id}`,
    mailbox: (mailbox) => `mailbox:${owner(mailbox)}`,
    // Always ten digits. Redis stores a set of such numbers in 4 bytes each.
    member: (address) => 1e9 + (digest(address).readUInt32BE() % 1e9),
  };
}
