import type { Limit, RateLimit, RateLimits } from '../ports/rate-limits.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, windowsOf } from './redis-windows.ts';

/** Limits on the distinct addresses that a client and its networks may touch. */
type NetworkLimits = Readonly<Record<'addresses' | 'addressesPer56' | 'addressesPer48', Limit>>;

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
    touch: createTouch(windows, keys, limits),
    async hasRoom() {
      // While the memory is reserved, check it on every call, so that freed memory is used at once.
      if (memory.isReserved) await memory.check();
      return !memory.isReserved;
    },
  };
}

function createTouch(
  windows: RedisWindows,
  keys: AddressKeys,
  limits: NetworkLimits,
): RateLimits['touch'] {
  const perNetwork = (['addressesPer48', 'addressesPer56', 'addresses'] as const).map(
    (name): RateLimit => ({ name, subject: '', ...limits[name] }),
  );
  return async (address, networks) => {
    const [widest = ''] = networks;
    // IPv4 has no network between the widest one and the client.
    const rateLimits = perNetwork.toSpliced(1, 3 - networks.length);
    // The braces keep all networks of a client on one node of a Redis Cluster.
    const names = networks.map((network) => `touched:{${widest}}:${network}`);
    const input = { member: keys.member(address), limits: windowsOf(rateLimits) };
    const reply = await windows.redis.run('touchAddress', names, input);
    // Recorded once for the network that is at its limit, and not for each client in it.
    const network = networks[reply?.[0] ?? 0] ?? widest;
    return windows.refusalOf(widest, rateLimits, network, reply);
  };
}
