import type { RateLimits } from '../ports/rate-limits.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisMemory } from './redis-memory.ts';
import { createTouchAddress, type NetworkLimits } from './redis-networks.ts';
import type { RedisWindows } from './redis-windows.ts';

/** Creates the rate limits of addresses and mailboxes. One hash holds all windows of each. */
export function createRateLimits(
  windows: RedisWindows,
  keys: AddressKeys,
  memory: RedisMemory,
  limits: NetworkLimits,
): RateLimits {
  const limitsIn = (keyOf: (subject: string) => string): RateLimits['mailbox'] => ({
    check: (subject, rateLimits, client) => windows.check(keyOf(subject), rateLimits, client),
    consume: (subject, rateLimits, client) => windows.consume(keyOf(subject), rateLimits, client),
    refund: (subject, rateLimits) => windows.refund(keyOf(subject), rateLimits),
  });
  return {
    ...limitsIn(keys.windows),
    mailbox: limitsIn(keys.mailbox),
    touch: createTouchAddress(windows, keys, limits),
    async hasRoom() {
      // While the memory is reserved, check it on every call, so that freed memory is used at once.
      if (memory.isReserved) await memory.check();
      return !memory.isReserved;
    },
  };
}
