import { createHmac } from 'node:crypto';
import type { Budget, ChallengePurpose } from '../ports.ts';

/** Names of Redis keys that belong to an address, without telling which it is. */
export interface AddressKeys {
  challenge(address: string, id: string): string;
  newest(address: string, purpose: ChallengePurpose): string;
  budget(address: string, budget: Budget): string;
}

/** @param key 256 bits that Redis never sees */
export function createAddressKeys(key: Buffer): AddressKeys {
  // The braces keep all keys of an address on one node of a Redis Cluster.
  const owner = (address: string) =>
    `{${createHmac('sha256', key).update(address).digest('base64url')}}`;
  return {
    challenge: (address, id) => `code:${owner(address)}:id:${id}`,
    newest: (address, purpose) => `code:${owner(address)}:newest:${purpose}`,
    budget: (address, { name, subject }) => `budget:${owner(address)}:${name}:${subject}`,
  };
}
