import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientBudget } from '../client-ports.ts';
import type { Limit } from '../ports.ts';
import type { RedisClient } from './redis.ts';

/** Shared by all processes, in one atomic step of Redis. */
export function createSharedBudget(redis: RedisClient, name: string, limit: Limit): ClientBudget {
  return budgetOver(
    new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `client:${name}`,
      points: limit.max,
      duration: limit.seconds,
    }),
    name,
    limit,
  );
}

/** Of this process alone: for what has to go on while Redis is away. */
export function createOwnBudget(name: string, limit: Limit): ClientBudget {
  const { max: points, seconds: duration } = limit;
  return budgetOver(new RateLimiterMemory({ keyPrefix: name, points, duration }), name, limit);
}

function budgetOver(
  limiter: Pick<RateLimiterMemory, 'consume'>,
  name: string,
  limit: Limit,
): ClientBudget {
  const standing = ({ remainingPoints, msBeforeNext }: RateLimiterRes) => ({
    name,
    limit,
    left: remainingPoints,
    wait: Math.max(1, Math.ceil(msBeforeNext / 1000)),
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
        const isFirst = outcome.consumedPoints === limit.max + 1;
        return { ...standing(outcome), left: 0, refusal: { name, wait, isFirst } };
      }
    },
  };
}
