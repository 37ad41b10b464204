import type { Budgets } from '../ports.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisMemory } from './redis-memory.ts';
import { createTouchAddress, type NetworkLimits } from './redis-networks.ts';
import type { RedisWindows } from './redis-windows.ts';

/** Creates the rate limits of addresses and mailboxes. One hash holds all windows of each. */
export function createBudgets(
  windows: RedisWindows,
  keys: AddressKeys,
  memory: RedisMemory,
  limits: NetworkLimits,
): Budgets {
  const within = (keyOf: (subject: string) => string): Budgets['mailbox'] => ({
    check: (subject, budgets, client) => windows.check(keyOf(subject), budgets, client),
    take: (subject, budgets, client) => windows.take(keyOf(subject), budgets, client),
    giveBack: (subject, budgets) => windows.giveBack(keyOf(subject), budgets),
  });
  return {
    ...within(keys.windows),
    mailbox: within(keys.mailbox),
    touch: createTouchAddress(windows, keys, limits),
    async hasRoom() {
      // While the memory is reserved, check it on every call, so that freed memory is used at once.
      if (memory.isReserved) await memory.look();
      return !memory.isReserved;
    },
  };
}
