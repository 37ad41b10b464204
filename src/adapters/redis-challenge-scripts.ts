import { WIDTH, windowsInLua } from './redis-windows.ts';

/**
 * Consumes the limits and stores a challenge, unless one of the limits is used up.
 *
 * KEYS: windows of the address, challenge. ARGV: tag, challenge as JSON, lifetime in s, field that
 * names the newest, id, limits.
 */
export const issueCode = `${windowsInLua}
local refused = take(KEYS[1], 6, (#ARGV - 5) / ${WIDTH})
if refused then return refused end
redis.call('HSET', KEYS[2], 'tag', ARGV[1], 'meta', ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('HSET', KEYS[1], ARGV[4], ARGV[5])
keepUntil(KEYS[1], now + ARGV[3] * 1000)
`;

/** Milliseconds for which the same code of the same client counts as a retry (contract §1). */
const RETRY = 30_000;

/**
 * Compares a code with one or two challenges. If it is right, marks the challenge as spent until
 * `settleCode` or `restoreCode`. The challenge must still be the newest (where a field is given)
 * and have a guess left on this path; every limit must have room; a retry counts as wrong but
 * consumes nothing. The tag is a keyed hash, so a bytewise comparison reveals nothing to an
 * attacker.
 *
 * KEYS: windows of the address, challenges. ARGV: counter of guesses, its maximum, field of a
 * retry, two pairs (field that names the newest challenge or nothing, id that it must have), number
 * of limits, limits, tag of the code for each challenge.
 */
export const redeemCode = `${windowsInLua}
for i = 4, 6, 2 do
  if ARGV[i] ~= '' and (redis.call('HGET', KEYS[1], ARGV[i]) or '') ~= ARGV[i + 1] then
    return {'superseded'}
  end
end
local limits = tonumber(ARGV[8])
local live, right, meta = {}, nil, nil
for i = 2, #KEYS do
  local tag, text, spent, guesses =
    unpack(redis.call('HMGET', KEYS[i], 'tag', 'meta', 'spent', ARGV[1]))
  if tag and not spent then
    live[#live + 1] = KEYS[i]
    local isOpen = tonumber(guesses or '0') < tonumber(ARGV[2])
    if isOpen and tag == ARGV[7 + ${WIDTH} * limits + i] then right, meta = KEYS[i], text end
  end
end
if not right and read(KEYS[1], ARGV[3]) > 0 then return {'wrong'} end
local refused = take(KEYS[1], 9, limits)
if refused then return {'refused', refused} end
if not right then
  for _, key in ipairs(live) do redis.call('HINCRBY', key, ARGV[1], 1) end
  return {'wrong'}
end
redis.call('HINCRBY', right, ARGV[1], 1)
redis.call('HSET', right, 'spent', 1)
makeRoom(KEYS[1])
write(KEYS[1], ARGV[3], 1, now + ${RETRY}, 'evictable')
keepUntil(KEYS[1], now + ${RETRY})
return {'right', meta}
`;

/**
 * Deletes a redeemed challenge. KEYS: windows of the address, challenge. ARGV: limits to refund.
 */
export const settleCode = `${windowsInLua}
redis.call('DEL', KEYS[2])
refund(KEYS[1], 1, #ARGV / ${WIDTH})
`;

/**
 * Makes a challenge valid again. KEYS: windows of the address, challenge. ARGV: field of a retry.
 */
export const restoreCode = `
redis.call('HDEL', KEYS[2], 'spent')
redis.call('HDEL', KEYS[1], ARGV[1])
`;
