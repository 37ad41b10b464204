-- Consumes the limits and stores a challenge, unless one of the limits is used up.
-- KEYS: windows of the address, challenge. Input: limits, tag, meta (the challenge as JSON), ttl in
-- seconds, id, newestField.

local refused = consume(KEYS[1], input.limits)
if refused then return refused end
redis.call('HSET', KEYS[2], 'tag', input.tag, 'meta', input.meta)
redis.call('EXPIRE', KEYS[2], input.ttl)
redis.call('HSET', KEYS[1], input.newestField, input.id)
keepUntil(KEYS[1], now + input.ttl * 1000)
