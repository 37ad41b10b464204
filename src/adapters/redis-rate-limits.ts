import type { Limit, RateLimit, RateLimits } from '../ports/rate-limits.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, windowsOf } from './redis-windows.ts';

/** Limits on the distinct addresses of a client's networks, widest first. */
const networkLimits = ['addressesPer48', 'addressesPer56', 'addresses'] as const;

/** Creates the rate limits of addresses and mailboxes. */
export function createRateLimits(
  windows: RedisWindows,
  keys: AddressKeys,
  memory: RedisMemory,
  config: Readonly<Record<(typeof networkLimits)[number], Limit>>,
): RateLimits {
  const limits = networkLimits.map((name): RateLimit => ({ name, subject: '', ...config[name] }));
  return {
    ...windows.limitsIn(keys.windows),
    mailbox: windows.limitsIn(keys.mailbox),
    async touch(address, networks) {
      const [widest = ''] = networks;
      // IPv4 has no network between the widest one and the client.
      const ofNetworks = limits.toSpliced(1, 3 - networks.length);
      // The braces keep all networks of a client on one node of a Redis Cluster.
      const names = networks.map((network) => `touched:{${widest}}:${network}`);
      const input = { member: keys.member(address), limits: windowsOf(ofNetworks) };
      const reply = await windows.redis.run('touchAddress', names, input);
      // Recorded once for the network that is at its limit, and not for each client in it.
      const network = networks[reply?.[0] ?? 0] ?? widest;
      return windows.exceededOf(widest, ofNetworks, network, reply);
    },
    async hasRoom() {
      // Checks reserved memory on every call, so that freed memory is used immediately.
      if (memory.isReserved) await memory.check();
      return !memory.isReserved;
    },
  };
}
