import { LRUCache } from 'lru-cache';
import type { Limit, RateLimit, RateLimits } from '../ports/rate-limits.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, windowsOf } from './redis-windows.ts';

/** Limits on the distinct addresses of a client's networks, widest first. */
const networkLimits = ['addressesPer48', 'addressesPer56', 'addresses'] as const;

/** Addresses of clients that a process remembers. It asks Redis about others. */
const MAX_TOUCHED = 10_000;

/** Creates the rate limits of addresses and mailboxes. */
export function createRateLimits(
  windows: RedisWindows,
  keys: AddressKeys,
  memory: RedisMemory,
  config: Readonly<Record<(typeof networkLimits)[number], Limit>>,
): RateLimits {
  const limits = networkLimits.map((name): RateLimit => ({ name, subject: '', ...config[name] }));
  /** Addresses that a client has used, until Redis forgets them: it may return to each. */
  const touched = new LRUCache<string, true>({ max: MAX_TOUCHED });
  return {
    ...windows.limitsIn(keys.windows),
    async touch(address, networks) {
      const [widest = ''] = networks;
      const member = keys.member(address);
      const own = `${networks.at(-1)} ${member}`;
      if (touched.has(own)) return undefined;
      // IPv4 has no network between the widest one and the client.
      const ofNetworks = limits.toSpliced(1, 3 - networks.length);
      // The braces keep all networks of a client on one node of a Redis Cluster.
      const names = networks.map((network) => `touched:{${widest}}:${network}`);
      const input = { member, limits: windowsOf(ofNetworks) };
      const reply = await windows.redis.run('touchAddress', names, input);
      if (typeof reply === 'number') {
        if (reply > 0) touched.set(own, true, { ttl: reply });
        return undefined;
      }
      // Recorded once for the network that is at its limit, and not for each client in it.
      const network = networks[reply?.[0] ?? 0] ?? widest;
      return windows.exceededOf(widest, ofNetworks, network, reply);
    },
    list: (address) => windows.list(keys.windows(address)),
    clear: (address) => windows.clear(keys.windows(address)),
    async hasRoom() {
      // Checks reserved memory on every call, so that freed memory is used immediately.
      if (memory.isReserved) await memory.check();
      return !memory.isReserved;
    },
  };
}
