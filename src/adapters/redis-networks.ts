import ipaddr from 'ipaddr.js';
import type { Limit, RateLimit, RateLimits } from '../ports/rate-limits.ts';
import type { AddressKeys } from './address-keys.ts';
import { type RedisWindows, windowsOf } from './redis-windows.ts';

/** Limits on the distinct addresses that a client and its enclosing networks may touch. */
export interface NetworkLimits {
  readonly addresses: Limit;
  readonly addressesPer56: Limit;
  readonly addressesPer48: Limit;
}

/** Returns the networks of a client with the names of their limits, widest first, client last. */
function networksOf(client: string): readonly (readonly [keyof NetworkLimits, string])[] {
  const [address, bits] = ipaddr.parseCIDR(client);
  const within = (size: number) => {
    const parser = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
    const network = parser.networkAddressFromCIDR(`${address.toString()}/${size}`);
    return `${network.toString()}/${size}`;
  };
  if (bits === 32)
    return [
      ['addressesPer48', within(24)],
      ['addresses', client],
    ];
  return [
    ['addressesPer48', within(48)],
    ['addressesPer56', within(56)],
    ['addresses', client],
  ];
}

/** Creates the function that counts an address touched by an unknown client. */
export function createTouchAddress(
  windows: RedisWindows,
  keys: AddressKeys,
  limits: NetworkLimits,
): RateLimits['touch'] {
  return async (address, client) => {
    const networks = networksOf(client);
    const widest = networks[0]?.[1] ?? client;
    // The braces keep all networks of a client on one node of a Redis Cluster.
    const names = networks.map(([, network]) => `touched:{${widest}}:${network}`);
    const rateLimits = networks.map(
      ([name]): RateLimit => ({ name, subject: '', ...limits[name] }),
    );
    const input = { member: keys.member(address), limits: windowsOf(rateLimits) };
    const reply = await windows.redis.run('touchAddress', names, input);
    // Recorded once for the network that is at its limit, and not for each client in it.
    const network = reply ? networks[reply[0]]?.[1] : undefined;
    return windows.refusalOf(widest, rateLimits, network ?? client, reply);
  };
}
