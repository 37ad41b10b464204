import type { Budgets } from '../ports.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisWindows } from './redis-windows.ts';

/** Rate limits of addresses. All windows of an address lie in one hash. */
export const createBudgets = (windows: RedisWindows, keys: AddressKeys): Budgets => ({
  take: (address, budgets, client) => windows.take(keys.windows(address), budgets, client),
  giveBack: (address, budgets) => windows.giveBack(keys.windows(address), budgets),
});
