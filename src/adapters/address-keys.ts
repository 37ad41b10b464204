import { createHmac } from 'node:crypto';

/** Names of Redis keys that belong to an address, without telling which it is. */
export interface AddressKeys {
  /** A hash: the windows of all rate limits of the address, and its newest challenges. */
  windows(address: string): string;
  challenge(address: string, id: string): string;
  /** A hash: the windows of the rate limits of a mailbox. */
  mailbox(mailbox: string): string;
  /** A number that stands for the address among those that a client has touched. */
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
    // Ten digits for each address. Redis keeps a set of them in 4 bytes each.
    member: (address) => 1e9 + (digest(address).readUInt32BE() % 1e9),
  };
}
