import type { Result } from 'ioredis';
import type { Budget, Budgets, Refusal } from '../ports.ts';
import type { AddressKeys } from './address-keys.ts';
import type { RedisClient } from './redis.ts';

declare module 'ioredis' {
  // The parameter has to be named as in the interface that this adds to.
  interface RedisCommander<Context> {
    takeBudgets(...args: (string | number)[]): Result<BudgetReply, Context>;
    giveBudgetsBack(...args: (string | number)[]): Result<null, Context>;
    confirmRefusal(...args: (string | number)[]): Result<null, Context>;
  }
}

/**
 * Nothing, or which budget (counted from 0) is used up, for how many ms, and the name of its window
 * as long as the client's refusal is not recorded.
 */
export type BudgetReply = [index: number, milliseconds: number, window: string | null] | null;

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
    local key = KEYS[from + i]
    local taken = tonumber(redis.call('HGET', key, 'taken') or '0')
    if taken >= tonumber(ARGV[arg + ${WIDTH} * i]) then
      local recorded = redis.call('HEXISTS', key, 'recorded ' .. client) == 1
      local window = not recorded and redis.call('HGET', key, 'window')
      return {i, redis.call('PTTL', key), window}
    end
  end
  for i = 0, count - 1 do
    local key = KEYS[from + i]
    if redis.call('HINCRBY', key, 'taken', 1) == 1 then
      redis.call('DEL', key)
      redis.call('HSET', key, 'taken', 1, 'window', table.concat(redis.call('TIME'), '.'))
      redis.call('PEXPIRE', key, ARGV[arg + ${WIDTH} * i + 1])
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

/** In the window that the refusal was in: a mark of its own would stay for ever. */
const confirmRefusal = `
if redis.call('HGET', KEYS[1], 'window') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'recorded ' .. ARGV[2], 1)
end
`;

export const budgetArguments = (budgets: readonly Budget[]): number[] =>
  budgets.flatMap(({ max, seconds, shared }) => [max, seconds * 1000, shared ? 1 : 0]);

/** Who attempts what: the budgets, the key of each, and the client. */
interface Attempt {
  readonly budgets: readonly Budget[];
  readonly keys: readonly string[];
  readonly client: string;
}

export function refusalOf(
  redis: RedisClient,
  { budgets, keys, client }: Attempt,
  reply: BudgetReply,
): Refusal | undefined {
  if (!reply) return undefined;
  const [index, milliseconds, window] = reply;
  const [budget, key] = [budgets[index], keys[index]];
  if (!budget || !key) throw new Error(`Redis speaks of budget ${index} of ${budgets.length}`);
  const wait = Math.max(1, Math.ceil(milliseconds / 1000));
  if (window === null) return { name: budget.name, wait };
  const confirm = async () => {
    await redis.confirmRefusal(1, key, window, client).catch(() => undefined);
  };
  return { name: budget.name, wait, unrecorded: { key: `${key} ${window} ${client}`, confirm } };
}

export function defineBudgetCommands(redis: RedisClient): void {
  redis.defineCommand('takeBudgets', {
    lua: `${budgetsInLua} return take(1, #KEYS, 2, ARGV[1])`,
  });
  redis.defineCommand('giveBudgetsBack', {
    lua: `${budgetsInLua} giveBack(1, #KEYS, 1)`,
  });
  redis.defineCommand('confirmRefusal', { lua: confirmRefusal });
}

/** Budgets in Redis, by Redis's clock. */
export function createBudgets(redis: RedisClient, addressKeys: AddressKeys): Budgets {
  defineBudgetCommands(redis);
  return {
    async take(address, budgets, client) {
      const keys = budgets.map((budget) => addressKeys.budget(address, budget));
      const rest = [client, ...budgetArguments(budgets)];
      const reply = await redis.takeBudgets(keys.length, ...keys, ...rest);
      return refusalOf(redis, { budgets, keys, client }, reply);
    },

    async giveBack(address, budgets) {
      const keys = budgets.map((budget) => addressKeys.budget(address, budget));
      await redis.giveBudgetsBack(keys.length, ...keys, ...budgetArguments(budgets));
    },
  };
}
