import type { Result } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { RateLimit, RateLimitExceeded } from '../ports/rate-limits.ts';
import type { RedisClient } from './redis.ts';

declare module 'ioredis' {
  // Declaration merging requires the same parameter name.
  interface RedisCommander<Context> {
    takeWindows(...args: (string | number)[]): Result<WindowReply, Context>;
    checkWindows(...args: (string | number)[]): Result<WindowReply, Context>;
    giveWindowsBack(...args: (string | number)[]): Result<null, Context>;
    consumeWindow(
      ...args: (string | number)[]
    ): Result<[taken: number, milliseconds: number, refused?: WindowReply], Context>;
  }
}

/**
 * Null if every limit has room. Otherwise the index of the first limit that is used up, the
 * milliseconds to wait, and the end of its window.
 */
export type WindowReply = [index: number, milliseconds: number, end: number] | null;

/** Arguments of one limit for the functions in Lua: field, maximum, milliseconds, kind. */
export const WIDTH = 4;
/** Number of fields in a hash above which expired ones are removed before another is added. */
const CROWDED = 64;
/** Maximum windows of single unknown clients in a hash. The one that ends first is evicted. */
const MOST_EVICTABLE = 256;

/**
 * Lua functions over the windows of one hash. A window is a field: `<attempts> <end in ms> <kind>`.
 * The hash expires with its last window.
 *
 * `exceeded` finds the first limit that is used up. `take` calls it before it counts an attempt in
 * each. `refund` clears the attempts of a single client; in a window that clients share, it
 * subtracts one attempt.
 */
export const windowsInLua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function parse(value)
  local taken, finish, kind = string.match(value or '', '^(%d+) (%d+) (%a+)$')
  return tonumber(taken), tonumber(finish), kind
end
local function read(key, field)
  local taken, finish = parse(redis.call('HGET', key, field))
  if finish and finish > now then return taken, finish end
  return 0, nil
end
local function makeRoom(key)
  if redis.call('HLEN', key) < ${CROWDED} then return end
  local all = redis.call('HGETALL', key)
  local evictable, first, firstEnd = 0, nil, nil
  for i = 1, #all, 2 do
    local _, finish, kind = parse(all[i + 1])
    if finish and finish <= now then
      redis.call('HDEL', key, all[i])
    elseif kind == 'evictable' then
      evictable = evictable + 1
      if not firstEnd or finish < firstEnd then first, firstEnd = all[i], finish end
    end
  end
  if evictable >= ${MOST_EVICTABLE} then redis.call('HDEL', key, first) end
end
local function keepUntil(key, finish)
  if redis.call('PTTL', key) < finish - now then redis.call('PEXPIRE', key, finish - now) end
end
local function write(key, field, taken, finish, kind)
  redis.call('HSET', key, field, string.format('%d %d %s', taken, finish, kind))
end
local function exceeded(key, arg, count)
  for i = arg, arg + ${WIDTH} * (count - 1), ${WIDTH} do
    local taken, finish = read(key, ARGV[i])
    if taken >= tonumber(ARGV[i + 1]) then return {(i - arg) / ${WIDTH}, finish - now, finish} end
  end
end
local function take(key, arg, count)
  local refused = exceeded(key, arg, count)
  if refused then return refused end
  for i = arg, arg + ${WIDTH} * (count - 1), ${WIDTH} do
    local taken, finish = read(key, ARGV[i])
    if not finish then
      makeRoom(key)
      finish = now + ARGV[i + 2]
    end
    write(key, ARGV[i], taken + 1, finish, ARGV[i + 3])
    keepUntil(key, finish)
  end
end
local function refund(key, arg, count)
  for i = arg, arg + ${WIDTH} * (count - 1), ${WIDTH} do
    local taken, finish = read(key, ARGV[i])
    if taken > 1 and ARGV[i + 3] == 'shared' then
      write(key, ARGV[i], taken - 1, finish, ARGV[i + 3])
    else
      redis.call('HDEL', key, ARGV[i])
    end
  end
end
`;

const fieldOf = ({ name, subject }: RateLimit): string => `${name} ${subject}`.trim();

export const windowArguments = (rateLimits: readonly RateLimit[]): (string | number)[] =>
  rateLimits.flatMap((rateLimit) => [
    fieldOf(rateLimit),
    rateLimit.max,
    rateLimit.seconds * 1000,
    rateLimit.kind ?? 'own',
  ]);

/** Number of recorded refusals that a process remembers. A forgotten one is looked up again. */
const REMEMBERED = 10_000;

export const secondsOf = (milliseconds: number): number =>
  Math.max(1, Math.ceil(milliseconds / 1000));

/** Rate-limit windows in Redis, by Redis's clock. Exact under any concurrency. */
export class RedisWindows {
  readonly redis: RedisClient;
  readonly #recorded = new LRUCache<string, true>({ max: REMEMBERED });

  constructor(redis: RedisClient) {
    this.redis = redis;
    redis.defineCommand('takeWindows', {
      numberOfKeys: 1,
      lua: `${windowsInLua} return take(KEYS[1], 1, #ARGV / ${WIDTH})`,
    });
    redis.defineCommand('checkWindows', {
      numberOfKeys: 1,
      lua: `${windowsInLua} return exceeded(KEYS[1], 1, #ARGV / ${WIDTH})`,
    });
    redis.defineCommand('giveWindowsBack', {
      numberOfKeys: 1,
      lua: `${windowsInLua} refund(KEYS[1], 1, #ARGV / ${WIDTH})`,
    });
    redis.defineCommand('consumeWindow', {
      numberOfKeys: 1,
      lua: `${windowsInLua}
        local refused = take(KEYS[1], 1, 1)
        local taken, finish = read(KEYS[1], ARGV[1])
        return {taken, finish - now, refused}`,
    });
  }

  /** Consumes one attempt of each limit in the hash `key`, or none at all. */
  async consume(
    key: string,
    rateLimits: readonly RateLimit[],
    client: string,
  ): Promise<RateLimitExceeded | undefined> {
    if (rateLimits.length === 0) return undefined;
    const reply = await this.redis.takeWindows(key, ...windowArguments(rateLimits));
    return this.refusalOf(key, rateLimits, client, reply);
  }

  /** Returns the refusal that `consume` would return, and consumes nothing. */
  async check(
    key: string,
    rateLimits: readonly RateLimit[],
    client: string,
  ): Promise<RateLimitExceeded | undefined> {
    if (rateLimits.length === 0) return undefined;
    const reply = await this.redis.checkWindows(key, ...windowArguments(rateLimits));
    return this.refusalOf(key, rateLimits, client, reply);
  }

  async refund(key: string, rateLimits: readonly RateLimit[]): Promise<void> {
    if (rateLimits.length === 0) return;
    await this.redis.giveWindowsBack(key, ...windowArguments(rateLimits)).catch(() => undefined);
  }

  /** Converts the reply of a script into a refusal. */
  refusalOf(
    key: string,
    rateLimits: readonly RateLimit[],
    client: string,
    reply: WindowReply,
  ): RateLimitExceeded | undefined {
    if (!reply) return undefined;
    const [index, milliseconds, end] = reply;
    const rateLimit = rateLimits[index];
    if (!rateLimit)
      throw new Error(`Redis returned limit index ${index} of ${rateLimits.length} limits`);
    const refusal = { name: rateLimit.name, wait: secondsOf(milliseconds) };
    const mark = `${key} ${fieldOf(rateLimit)} ${end} ${client}`;
    if (this.#recorded.has(mark)) return refusal;
    const confirm = () => void this.#recorded.set(mark, true);
    return { ...refusal, unrecorded: { key: mark, confirm } };
  }
}
