-- Consumes the limits of the address and of its mailbox and stores a challenge, unless one of the
-- limits is used up. KEYS: windows of the address, challenge, windows of the mailbox. Input: limits,
-- mailboxLimits, tag, meta (the challenge as JSON), ttl in seconds, id, newestField.

local refused = exceeded(KEYS[3], input.mailboxLimits)
if refused then return {'mailbox', refused} end
refused = consume(KEYS[1], input.limits)
if refused then return {'address', refused} end
consume(KEYS[3], input.mailboxLimits)
redis.call('HSET', KEYS[2], 'tag', input.tag, 'meta', input.meta)
redis.call('EXPIRE', KEYS[2], input.ttl)
redis.call('HSET', KEYS[1], input.newestField, input.id)
keepUntil(KEYS[1], now + input.ttl * 1000)
