import { challengeScripts } from './redis-challenge-scripts.ts';
import { prelude, windowScripts } from './redis-window-scripts.ts';

/**
 * Null if every limit has room. Otherwise the index of the first limit that is used up, the
 * milliseconds to wait, and the end of its window.
 */
export type WindowReply = [index: number, milliseconds: number, end: number] | null;

/** Replies of the scripts. */
export interface Replies {
  checkWindows: WindowReply;
  consumeWindows: WindowReply;
  refundWindows: null;
  consumeWindow: [taken: number, milliseconds: number, refused?: WindowReply];
  issueCode: WindowReply;
  redeemCode: ['superseded'] | ['wrong'] | ['refused', WindowReply] | ['right', challenge: string];
  settleCode: null;
  restoreCode: null;
  touchAddress: WindowReply;
}

/**
 * Counts the distinct addresses of a client and of its enclosing networks, widest first. The client
 * has a set, which is small and exact, so that it may always return to addresses it has touched.
 * Wider networks have a HyperLogLog. Writes only after every network has passed.
 *
 * KEYS: networks, the client last. Input: member (the address), limits (one for each network).
 */
const touchAddress = `${prelude}
local own = #KEYS
if redis.call('SISMEMBER', KEYS[own], input.member) == 1 then return nil end
for i, limit in ipairs(input.limits) do
  local count = redis.call(i == own and 'SCARD' or 'PFCOUNT', KEYS[i])
  if count >= limit.max then
    local left = redis.call('PTTL', KEYS[i])
    -- Whole seconds: what is left is rounded differently from one moment to the next.
    local finish = math.floor((now + left) / 1000 + 0.5)
    return {i - 1, left, finish}
  end
end
for i, limit in ipairs(input.limits) do
  redis.call(i == own and 'SADD' or 'PFADD', KEYS[i], input.member)
  if redis.call('PTTL', KEYS[i]) < 0 then redis.call('PEXPIRE', KEYS[i], limit.milliseconds) end
end
`;

/** Scripts that run for requests. */
export const scripts: Record<keyof Replies, string> = {
  ...windowScripts,
  ...challengeScripts,
  touchAddress,
};

/**
 * Scripts that check a Redis. A PING would succeed although Redis is full or read-only, cannot save,
 * or refuses this user a command. KEYS: two keys that nothing else uses.
 */
export const probes = {
  /** Calls every command that requests need. */
  request: `
redis.call('HSET', KEYS[1], 'taken', 1, 'window', table.concat(redis.call('TIME'), '.'))
redis.call('HINCRBY', KEYS[1], 'taken', 1)
redis.call('HMGET', KEYS[1], 'taken', 'window')
redis.call('HGET', KEYS[1], 'taken')
redis.call('HGETALL', KEYS[1])
redis.call('HLEN', KEYS[1])
redis.call('HDEL', KEYS[1], 'window')
redis.call('PEXPIRE', KEYS[1], 1000)
redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[2], 1, 'EX', 1)
redis.call('GET', KEYS[2])
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SADD', KEYS[1], 1)
redis.call('SISMEMBER', KEYS[1], 1)
redis.call('SCARD', KEYS[1])
redis.call('PFADD', KEYS[2], 1)
redis.call('PFCOUNT', KEYS[2])
redis.call('EXPIRE', KEYS[2], 1)
return redis.call('DEL', KEYS[1], KEYS[2])`,
  /** Writes like Bee-Queue. */
  queue: `
redis.call('HSET', KEYS[1], 'probe', 1)
redis.call('LPUSH', KEYS[2], 1)
redis.call('LREM', KEYS[2], 0, 1)
return redis.call('DEL', KEYS[1], KEYS[2])`,
};
