-- Start of every script: decodes the JSON object in ARGV[1] and defines functions for the
-- rate-limit windows of a hash. A window is a field: `<attempts> <end in ms> <kind>`. The hash
-- expires with its last window. Limits are in the form of `windowsOf`.

-- Number of fields above which expired ones are removed before another is added.
local CROWDED = 64
-- Maximum windows of single unknown clients in a hash. The one that ends first is evicted.
local MAX_EVICTABLE = 256

local input = cjson.decode(ARGV[1])
-- Milliseconds, by the clock of Redis.
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
  if redis.call('HLEN', key) < CROWDED then return end
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
  if evictable >= MAX_EVICTABLE then redis.call('HDEL', key, first) end
end
local function keepUntil(key, finish)
  if redis.call('PTTL', key) < finish - now then redis.call('PEXPIRE', key, finish - now) end
end
local function write(key, field, taken, finish, kind)
  redis.call('HSET', key, field, string.format('%d %d %s', taken, finish, kind))
end
-- Finds the first limit that is used up.
local function exceeded(key, limits)
  for i, limit in ipairs(limits) do
    local taken, finish = read(key, limit.field)
    if taken >= limit.max then return {i - 1, finish - now, finish} end
  end
end
-- Counts an attempt in each window, or in none if a limit is used up.
local function consume(key, limits)
  local refused = exceeded(key, limits)
  if refused then return refused end
  for _, limit in ipairs(limits) do
    local taken, finish = read(key, limit.field)
    if not finish then
      makeRoom(key)
      finish = now + limit.milliseconds
    end
    write(key, limit.field, taken + 1, finish, limit.kind)
    keepUntil(key, finish)
  end
end
-- Clears the attempts of a single client. Subtracts one in a window that clients share.
local function refund(key, limits)
  for _, limit in ipairs(limits) do
    local taken, finish = read(key, limit.field)
    if taken > 1 and limit.kind == 'shared' then
      write(key, limit.field, taken - 1, finish, limit.kind)
    else
      redis.call('HDEL', key, limit.field)
    end
  end
end
-- Lists the windows of a hash that have not ended.
local function list(key)
  local live, all = {}, redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local taken, finish = parse(all[i + 1])
    if finish and finish > now then live[#live + 1] = {all[i], taken, finish - now} end
  end
  return live
end
-- Removes all windows of a hash, and leaves its other fields.
local function clear(key)
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    if parse(all[i + 1]) then redis.call('HDEL', key, all[i]) end
  end
end
