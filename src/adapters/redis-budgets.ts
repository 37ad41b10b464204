import type { Result } from 'ioredis';
import type { Budget, Budgets, Refusal } from '../ports.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisClient } from './redis.ts';

declare module 'ioredis' {
  // The parameter has to be named as in the interface that this adds to.
  interface RedisCommander<Context> {
    takeBudgets(...args: (string | number)[]): Result<BudgetReply, Context>;
    giveBudgetsBack(...args: (string | number)[]): Result<null, Context>;
  }
}

/** Nothing, or which budget (counted from 0) is used up, for how many ms, and whether first told. */
export type BudgetReply = [index: number, milliseconds: number, isFirst: number] | null;

/** Arguments of one budget for the functions in Lua: maximum, milliseconds, whether it is shared. */
const WIDTH = 3;

/**
 * Lua functions over `count` budgets: their keys from `KEYS[from]`, their arguments from
 * `ARGV[arg]`. `take` looks at all, and only then takes from all. `giveBack` forgets the attempts of
 * a client; of a shared budget it gives one back.
 */
export const budgetsInLua = `
local function take(from, count, arg, client)
  for i = 0, count - 1 do
    local taken = tonumber(redis.call('HGET', KEYS[from + i], 'taken') or '0')
    if taken >= tonumber(ARGV[arg + ${WIDTH} * i]) then
      local wait = redis.call('PTTL', KEYS[from + i])
      return {i, wait, redis.call('HSETNX', KEYS[from + i], 'told ' .. client, 1)}
    end
  end
  for i = 0, count - 1 do
    if redis.call('HINCRBY', KEYS[from + i], 'taken', 1) == 1 then
      redis.call('PEXPIRE', KEYS[from + i], ARGV[arg + ${WIDTH} * i + 1])
    end
  end
end
local function giveBack(from, count, arg)
  for i = 0, count - 1 do
    local key = KEYS[from + i]
    if ARGV[arg + ${WIDTH} * i + 2] == '0' then
      redis.call('DEL', key)
    elseif tonumber(redis.call('HGET', key, 'taken') or '0') > 0 then
      redis.call('HINCRBY', key, 'taken', -1)
    end
  end
end
`;

export const budgetArguments = (budgets: readonly Budget[]): number[] =>
  budgets.flatMap(({ max, seconds, shared }) => [max, seconds * 1000, shared ? 1 : 0]);

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
    lua: `${budgetsInLua} return take(1, #KEYS, 2, ARGV[1])`,
  });
  redis.defineCommand('giveBudgetsBack', {
    lua: `${budgetsInLua} giveBack(1, #KEYS, 1)`,
  });
  return {
    async take(address, budgets, client) {
      const names = budgets.map((budget) => keys.budget(address, budget));
      const rest = budgetArguments(budgets);
      return refusalOf(budgets, await redis.takeBudgets(names.length, ...names, client, ...rest));
    },

    async giveBack(address, budgets) {
      const names = budgets.map((budget) => keys.budget(address, budget));
      await redis.giveBudgetsBack(names.length, ...names, ...budgetArguments(budgets));
    },
  };
}
