import type { Result } from 'ioredis';
import type { Budget, Budgets, Refusal } from '../ports.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisClient } from './redis.ts';

declare module 'ioredis' {
  // The parameter has to be named as in the interface that this adds to.
  interface RedisCommander<Context> {
    takeBudgets(...args: (string | number)[]): Result<BudgetReply, Context>;
  }
}

/** Nothing, or which budget (counted from 0) is used up, for how many ms, and whether first told. */
export type BudgetReply = [index: number, milliseconds: number, isFirst: number] | null;

/**
 * The Lua function `take(from, count, arg)`: looks at `count` budgets (keys from `KEYS[from]`, each
 * with its maximum and milliseconds from `ARGV[arg]`), and only then takes from all.
 */
export const takeInLua = `
local function take(from, count, arg)
  for i = 0, count - 1 do
    local taken = tonumber(redis.call('HGET', KEYS[from + i], 'taken') or '0')
    if taken >= tonumber(ARGV[arg + 2 * i]) then
      local wait = redis.call('PTTL', KEYS[from + i])
      return {i, wait, redis.call('HSETNX', KEYS[from + i], 'told', 1)}
    end
  end
  for i = 0, count - 1 do
    if redis.call('HINCRBY', KEYS[from + i], 'taken', 1) == 1 then
      redis.call('PEXPIRE', KEYS[from + i], ARGV[arg + 2 * i + 1])
    end
  end
end
`;

export const budgetArguments = (budgets: readonly Budget[]): number[] =>
  budgets.flatMap(({ max, seconds }) => [max, seconds * 1000]);

export function refusalOf(budgets: readonly Budget[], reply: BudgetReply): Refusal | undefined {
  if (!reply) return undefined;
  const [index, milliseconds, isFirst] = reply;
  const budget = budgets[index];
  if (!budget) throw new Error(`Redis speaks of budget ${index} of ${budgets.length}`);
  return {
    name: budget.name,
    wait: Math.max(1, Math.ceil(milliseconds / 1000)),
    isFirst: isFirst === 1,
  };
}

/** Budgets in Redis, by Redis's clock. */
export function createBudgets(redis: RedisClient, keys: AddressKeys): Budgets {
  redis.defineCommand('takeBudgets', {
    lua: `${takeInLua} return take(1, #KEYS, 1)`,
  });
  return {
    async take(address, budgets) {
      const names = budgets.map((budget) => keys.budget(address, budget));
      const reply = await redis.takeBudgets(names.length, ...names, ...budgetArguments(budgets));
      return refusalOf(budgets, reply);
    },

    async giveBack(address, budgets) {
      await redis.del(budgets.map((budget) => keys.budget(address, budget)));
    },
  };
}
