-- Counts the distinct addresses of a client and of its networks, widest first. The client has an
-- exact set, so that it may return to addresses. Wider networks have a HyperLogLog. Writes only
-- after every network has passed. Then returns the milliseconds for which the set is kept.
-- KEYS: networks, the client last. Input: member (the address), limits (one for each network).

local own = #KEYS
if redis.call('SISMEMBER', KEYS[own], input.member) == 1 then return redis.call('PTTL', KEYS[own]) end
for i, limit in ipairs(input.limits) do
  local count = redis.call(i == own and 'SCARD' or 'PFCOUNT', KEYS[i])
  if count >= limit.max then
    local left = redis.call('PTTL', KEYS[i])
    -- Rounds the end to whole seconds, because the computed end varies by a few milliseconds
    -- between calls.
    local finish = math.floor((now + left) / 1000 + 0.5)
    return {i - 1, left, finish}
  end
end
for i, limit in ipairs(input.limits) do
  redis.call(i == own and 'SADD' or 'PFADD', KEYS[i], input.member)
  if redis.call('PTTL', KEYS[i]) < 0 then redis.call('PEXPIRE', KEYS[i], limit.milliseconds) end
end
return redis.call('PTTL', KEYS[own])
