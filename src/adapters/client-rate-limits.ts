import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientRateLimit, Limit } from '../ports/rate-limits.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, secondsOf, windowsOf } from './redis-windows.ts';

/** Clients that a process counts. Another one replaces the client that was idle longest. */
const MAX_CLIENTS = 50_000;

/** Counts in Redis. While its memory is reserved for known clients, each process counts its own. */
export function createSharedRateLimit(
  name: string,
  limit: Limit,
  windows: RedisWindows,
  memory: RedisMemory,
): ClientRateLimit {
  const shared = createRedisRateLimit(name, limit, windows);
  // Made on first use: it takes more than a megabyte.
  let own: ClientRateLimit | undefined;
  const current = () => {
    if (!memory.isReserved) return shared;
    own ??= createProcessRateLimit(name, limit);
    return own;
  };
  return {
    limit,
    consume: (client) => current().consume(client),
    refund: (client) => current().refund(client),
  };
}

function createRedisRateLimit(name: string, limit: Limit, windows: RedisWindows): ClientRateLimit {
  const limits = [{ name, subject: '', kind: 'shared', ...limit }] as const;
  const input = { limits: windowsOf(limits) };
  const keyOf = (client: string) => `client:${client}`;
  const { refund } = windows.limitsIn(keyOf);
  return {
    limit,
    async consume(client) {
      const key = keyOf(client);
      const window = await windows.redis.run('consumeWindow', [key], input);
      const [taken, milliseconds, reply = null] = window;
      const exceeded = windows.exceededOf(key, limits, client, reply);
      // After the limit was lowered, usage may already exceed it.
      const left = Math.max(0, limit.max - taken);
      return { name, limit, left, wait: secondsOf(milliseconds), exceeded };
    },
    refund: (client) => refund(client, limits),
  };
}

/** Counts in this process only, for operations that must work without Redis. Records no events. */
export function createProcessRateLimit(
  name: string,
  limit: Limit,
  maxClients = MAX_CLIENTS,
): ClientRateLimit {
  const { max: points, seconds: duration } = limit;
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration });
  const clients = new LRUCache<string, true>({
    max: maxClients,
    dispose: (_, client, reason) => reason === 'evict' && void limiter.delete(client),
  });
  return {
    limit,
    async consume(client) {
      clients.set(client, true);
      // The library rejects with a result when the limit is used up, and with an error otherwise.
      const result = await limiter.consume(client).catch((outcome: unknown) => outcome);
      if (!(result instanceof RateLimiterRes)) throw result;
      const wait = secondsOf(result.msBeforeNext);
      const isExceeded = result.consumedPoints > points;
      // A rejected attempt consumes nothing.
      if (isExceeded) await limiter.reward(client);
      const left = isExceeded ? 0 : result.remainingPoints;
      return { name, limit, left, wait, exceeded: isExceeded ? { name, wait } : undefined };
    },
    async refund(client) {
      await limiter.reward(client);
    },
  };
}
