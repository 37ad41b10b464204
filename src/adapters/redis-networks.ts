import type { Result } from 'ioredis';
import ipaddr from 'ipaddr.js';
import type { Limit, RateLimit, RateLimits } from '../ports/rate-limits.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisWindows, WindowReply } from './redis-windows.ts';

declare module 'ioredis' {
  // Declaration merging requires the same parameter name.
  interface RedisCommander<Context> {
    touchAddress(...args: (string | number)[]): Result<WindowReply, Context>;
  }
}

/** Limits on the distinct addresses that a client and its enclosing networks may touch. */
export interface NetworkLimits {
  readonly addresses: Limit;
  readonly addressesPer56: Limit;
  readonly addressesPer48: Limit;
}

/**
 * Counts the distinct addresses of a client and of its enclosing networks, widest first. The client
 * has a set, which is small and exact, so that it may always return to addresses it has touched.
 * Wider networks have a HyperLogLog. Writes only after every network has passed.
 *
 * KEYS: networks, the client last. ARGV: address, then maximum and milliseconds of each.
 */
const touchAddress = `
local own = #KEYS
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('SISMEMBER', KEYS[own], ARGV[1]) == 1 then return nil end
for i = 1, own do
  local count = redis.call(i == own and 'SCARD' or 'PFCOUNT', KEYS[i])
  if count >= tonumber(ARGV[2 * i]) then
    local left = redis.call('PTTL', KEYS[i])
    -- Whole seconds: what is left is rounded differently from one moment to the next.
    local finish = math.floor((now + left) / 1000 + 0.5)
    return {i - 1, left, finish}
  end
end
for i = 1, own do
  redis.call(i == own and 'SADD' or 'PFADD', KEYS[i], ARGV[1])
  if redis.call('PTTL', KEYS[i]) < 0 then redis.call('PEXPIRE', KEYS[i], ARGV[2 * i + 1]) end
end
`;

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
  windows.redis.defineCommand('touchAddress', { lua: touchAddress });
  return async (address, client) => {
    const networks = networksOf(client);
    const widest = networks[0]?.[1] ?? client;
    // The braces keep all networks of a client on one node of a Redis Cluster.
    const names = networks.map(([, network]) => `touched:{${widest}}:${network}`);
    const rateLimits = networks.map(
      ([name]): RateLimit => ({ name, subject: '', ...limits[name] }),
    );
    const reply = await windows.redis.touchAddress(
      names.length,
      ...names,
      keys.member(address),
      ...rateLimits.flatMap(({ max, seconds }) => [max, seconds * 1000]),
    );
    // Recorded once for the network that is at its limit, and not for each client in it.
    const network = reply ? networks[reply[0]]?.[1] : undefined;
    return windows.refusalOf(widest, rateLimits, network ?? client, reply);
  };
}
