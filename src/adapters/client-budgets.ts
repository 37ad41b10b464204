import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientBudget, Standing } from '../client-ports.ts';
import type { Limit } from '../ports.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, secondsOf, windowArguments } from './redis-windows.ts';

/**
 * Shared by all processes, in one atomic step of Redis. All windows of a client lie in one hash.
 * Where Redis has no room for unknown clients, each process counts by itself: a client may be new.
 */
export function createSharedBudget(
  windows: RedisWindows,
  memory: RedisMemory,
  name: string,
  limit: Limit,
): ClientBudget {
  const budgets = [{ name, subject: '', kind: 'shared', ...limit }] as const;
  const rest = windowArguments(budgets);
  const own = createOwnBudget(name, limit);
  return {
    limit,
    async consume(client) {
      if (memory.isReserved) return own.consume(client);
      const key = `client:${client}`;
      const [taken, wait, reply = null] = await windows.redis.consumeWindow(key, ...rest);
      const refusal = windows.refusalOf(key, budgets, client, reply);
      // A limit that was lowered may be exceeded already.
      return { name, limit, left: Math.max(0, limit.max - taken), wait: secondsOf(wait), refusal };
    },
    async refund(client) {
      if (memory.isReserved) await own.refund(client);
      else await windows.giveBack(`client:${client}`, budgets);
    },
  };
}

/** Counts in this process alone, for what has to go on while Redis is away. Refusals leave no record. */
export function createOwnBudget(name: string, limit: Limit): ClientBudget {
  const { max: points, seconds: duration } = limit;
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration });
  const standing = ({ remainingPoints, msBeforeNext }: RateLimiterRes): Standing => ({
    name,
    limit,
    left: remainingPoints,
    wait: secondsOf(msBeforeNext),
    refusal: undefined,
  });
  return {
    limit,
    async consume(client) {
      try {
        return standing(await limiter.consume(client));
      } catch (outcome) {
        // The library rejects with an outcome where the limit is met, and with an error else.
        if (!(outcome instanceof RateLimiterRes)) throw outcome;
        const { wait } = standing(outcome);
        return { ...standing(outcome), left: 0, refusal: { name, wait } };
      }
    },
    async refund(client) {
      await limiter.reward(client);
    },
  };
}
