import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientRateLimit, Limit, RateLimitStatus } from '../ports/rate-limits.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, secondsOf } from './redis-windows.ts';

/** Clients that a process counts. Another one replaces the client that was idle longest. */
const MAX_CLIENTS = 50_000;

/**
 * Creates a rate limit that all processes share in Redis. While the memory of Redis is reserved for
 * known clients, each process counts on its own, because this client may be unknown.
 */
export function createSharedRateLimit(
  name: string,
  limit: Limit,
  windows: RedisWindows,
  memory: RedisMemory,
): ClientRateLimit {
  const shared = createRedisRateLimit(name, limit, windows);
  const own = createProcessRateLimit(name, limit);
  const current = () => (memory.isReserved ? own : shared);
  return {
    limit,
    consume: (client) => current().consume(client),
    refund: (client) => current().refund(client),
  };
}

/** Counts in Redis. One hash holds all windows of a client. */
function createRedisRateLimit(name: string, limit: Limit, windows: RedisWindows): ClientRateLimit {
  const rateLimits = [{ name, subject: '', kind: 'shared', ...limit }] as const;
  const keyOf = (client: string) => `client:${client}`;
  return {
    limit,
    async consume(client) {
      const { taken, wait, refusal } = await windows.consumeOne(keyOf(client), rateLimits, client);
      // After the limit was lowered, usage may already exceed it.
      return { name, limit, left: Math.max(0, limit.max - taken), wait, refusal };
    },
    refund: (client) => windows.refund(keyOf(client), rateLimits),
  };
}

/** Counts in this process only, for operations that must work without Redis. Records no refusals. */
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
    async consume(client): Promise<RateLimitStatus> {
      clients.set(client, true);
      // The library rejects with a result when the limit is used up, and with an error otherwise.
      const result = await limiter.consume(client).catch((outcome: unknown) => outcome);
      if (!(result instanceof RateLimiterRes)) throw result;
      const wait = secondsOf(result.msBeforeNext);
      if (result.consumedPoints <= points) {
        return { name, limit, left: result.remainingPoints, wait, refusal: undefined };
      }
      // A refused attempt consumes nothing.
      await limiter.reward(client);
      return { name, limit, left: 0, wait, refusal: { name, wait } };
    },
    async refund(client) {
      await limiter.reward(client);
    },
  };
}
