import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientRateLimit, Limit, RateLimitStatus } from '../ports/rate-limits.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, secondsOf, windowArguments } from './redis-windows.ts';

/**
 * Creates a rate limit that all processes share. One atomic Redis script consumes it, and one hash
 * holds all windows of a client. While Redis has no room for unknown clients, each process counts
 * on its own, because this client may be unknown.
 */
export function createSharedRateLimit(
  windows: RedisWindows,
  memory: RedisMemory,
  name: string,
  limit: Limit,
): ClientRateLimit {
  const rateLimits = [{ name, subject: '', kind: 'shared', ...limit }] as const;
  const rest = windowArguments(rateLimits);
  const own = createOwnRateLimit(name, limit);
  return {
    limit,
    async consume(client) {
      if (memory.isReserved) return own.consume(client);
      const key = `client:${client}`;
      const [taken, wait, reply = null] = await windows.redis.consumeWindow(key, ...rest);
      const refusal = windows.refusalOf(key, rateLimits, client, reply);
      // After the limit was lowered, usage may already exceed it.
      return { name, limit, left: Math.max(0, limit.max - taken), wait: secondsOf(wait), refusal };
    },
    async refund(client) {
      if (memory.isReserved) await own.refund(client);
      else await windows.refund(`client:${client}`, rateLimits);
    },
  };
}

/** Clients that a process counts. Another one replaces the client that was idle longest. */
const MOST_CLIENTS = 50_000;

/**
 * Counts in this process only, for operations that must work without Redis. Records no refusals.
 */
export function createOwnRateLimit(
  name: string,
  limit: Limit,
  mostClients = MOST_CLIENTS,
): ClientRateLimit {
  const { max: points, seconds: duration } = limit;
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration });
  const counted = new LRUCache<string, true>({
    max: mostClients,
    dispose: (_, client, reason) => reason === 'evict' && void limiter.delete(client),
  });
  const status = ({ remainingPoints, msBeforeNext }: RateLimiterRes): RateLimitStatus => ({
    name,
    limit,
    left: remainingPoints,
    wait: secondsOf(msBeforeNext),
    refusal: undefined,
  });
  return {
    limit,
    async consume(client) {
      counted.set(client, true);
      try {
        return status(await limiter.consume(client));
      } catch (outcome) {
        // The library rejects with an outcome where the limit is met, and with an error else.
        if (!(outcome instanceof RateLimiterRes)) throw outcome;
        // A refused attempt consumes nothing.
        await limiter.reward(client);
        const { wait } = status(outcome);
        return { ...status(outcome), left: 0, refusal: { name, wait } };
      }
    },
    async refund(client) {
      await limiter.reward(client);
    },
  };
}
