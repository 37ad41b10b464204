import type { Result } from 'ioredis';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientBudget, Standing } from '../client-ports.ts';
import type { Limit } from '../ports.ts';
import type { RedisClient } from './redis.ts';
import {
  type BudgetReply,
  budgetArguments,
  budgetsInLua,
  defineBudgetCommands,
  refusalOf,
} from './redis-budgets.ts';

declare module 'ioredis' {
  // The parameter has to be named as in the interface that this adds to.
  interface RedisCommander<Context> {
    consumeBudget(
      ...args: (string | number)[]
    ): Result<[taken: string, milliseconds: number, refused?: BudgetReply], Context>;
  }
}

const consumeBudget = `${budgetsInLua}
local refused = take(1, 1, 2, ARGV[1])
return {redis.call('HGET', KEYS[1], 'taken'), redis.call('PTTL', KEYS[1]), refused}
`;

const secondsOf = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1000));

/** Shared by all processes, in one atomic step of Redis. */
export function createSharedBudget(redis: RedisClient, name: string, limit: Limit): ClientBudget {
  defineBudgetCommands(redis);
  redis.defineCommand('consumeBudget', { numberOfKeys: 1, lua: consumeBudget });
  const budgets = [{ name, subject: '', ...limit }];
  const rest = budgetArguments(budgets);
  return {
    limit,
    async consume(client) {
      const key = `limit:${name}:${client}`;
      const [taken, wait, reply = null] = await redis.consumeBudget(key, client, ...rest);
      const refusal = refusalOf(redis, { budgets, keys: [key], client }, reply);
      return { name, limit, left: limit.max - Number(taken), wait: secondsOf(wait), refusal };
    },
  };
}

/** Of this process alone: for what has to go on while Redis is away. Its refusals leave no record. */
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
  };
}
